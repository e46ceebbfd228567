-- What people were told is a small part of all runs, and listed without looking through the others (storage/notifications.ts).
create index action_run_told on action_run (org, seq)
  where required_approval <> 'none' or (source = 'AUTOMATION'
    and (invocation_type in ('EMAIL', 'SLACK') or action like 'alert:%' or action like 'initiative:%'));
