-- Whether an administrator or an app wrote the action last: what moderators write is carried out without secrets.
alter table action add column trusted boolean not null default true;
