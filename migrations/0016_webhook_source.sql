-- Where the events of a webhook are, whatever it is called by now.
alter table webhook add column source text;
update webhook set source = 'webhook:' || identifier;
alter table webhook alter column source set not null;
create unique index webhook_source on webhook (org, source);
