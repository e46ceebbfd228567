-- The first message of a changelog that waits is found behind a month of those that were sent (automation/send-changelog.ts).
create index action_run_pending on action_run (org, action, seq)
  where pending_execution and installation_id is null and status = 'IN_PROGRESS';
