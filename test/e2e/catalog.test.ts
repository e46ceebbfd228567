/** The catalog in a real browser: finding, arranging, creating, editing and deleting entities, and what is behind one. */
import { walkEntities } from "./catalog/entities.ts";
import { walkInside } from "./catalog/inside.ts";
import { fillCatalog } from "./catalog/read-catalog.ts";
import { walkTable } from "./catalog/table.ts";
import { usePortal } from "./support/portal.ts";

// One server and one person for all of it: each goes on where the one before has ended.
const portal = usePortal(fillCatalog);

walkTable(portal);
walkEntities(portal);
walkInside(portal);
