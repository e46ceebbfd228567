-- Dated notes on DORA charts; without blueprint and entity they are about the whole organisation.
create table dora_annotation (
  org text not null,
  identifier text not null,
  day date not null,
  text text not null,
  url text,
  blueprint text,
  entity text,
  created_at timestamptz not null,
  created_by text not null,
  updated_at timestamptz not null,
  updated_by text not null,
  primary key (org, identifier),
  check ((blueprint is null) = (entity is null))
);
create index dora_annotation_day on dora_annotation (org, day);
create index dora_annotation_scope on dora_annotation (org, blueprint, entity) where blueprint is not null;
