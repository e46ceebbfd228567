/** Meta properties of an entity as values (data-model.md §4.1). */
import type { Entity } from "./entity.ts";

/** null for what is no meta property. */
export function metaValue(entity: Entity, property: string): string | string[] | null {
  switch (property) {
    case "$identifier":
      return entity.identifier;
    case "$title":
      return entity.title;
    case "$icon":
      return entity.icon;
    case "$team":
      return [...entity.team];
    case "$blueprint":
      return entity.blueprint;
    case "$createdAt":
      return entity.createdAt.toISOString();
    case "$updatedAt":
      return entity.updatedAt.toISOString();
    case "$createdBy":
      return entity.createdBy;
    case "$updatedBy":
      return entity.updatedBy;
    case "$datasource":
      return entity.datasource;
    default:
      return null;
  }
}
