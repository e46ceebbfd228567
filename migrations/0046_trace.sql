-- What caused work that is done later, as a `traceparent` of W3C Trace Context: null where nothing is traced (docs/operations.md).
alter table inbox add column trace text;
alter table change add column trace text;
alter table job add column trace text;
alter table derived_dirty add column trace text;
