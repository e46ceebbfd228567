import { ActionIcon, Menu } from "@mantine/core";
import { IconDots, IconLock, IconLockOpen, IconPencil, IconTrash, IconUsers } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { sendJson } from "../api/client.ts";
import { meQuery } from "../api/queries.ts";
import { OpensMenu } from "../parts/opens.tsx";
import type { PageDoc } from "./board.ts";
import { type PageAnswer, pagePath, pageQuery } from "./queries.ts";

/** What can be done with the page as a whole, for those who may change it. */
export function PageMenu({
  page,
  onOpen,
}: {
  page: PageDoc;
  onOpen: (what: "details" | "permissions" | "delete") => void;
}) {
  const client = useQueryClient();
  const { data: me } = useQuery(meQuery);
  const isLocked = page.locked === true;
  const lock = useMutation({
    mutationFn: () => sendJson<PageAnswer>("PATCH", pagePath(page.identifier), { locked: !isLocked }),
    onSuccess: ({ page: saved }) =>
      client.setQueryData<PageAnswer>(pageQuery(page.identifier).queryKey, (answer) =>
        answer === undefined ? answer : { ...answer, page: saved },
      ),
  });
  const isOwn = page.type === "dashboard" || page.type === "blueprint-entities";
  return (
    <OpensMenu
      position="bottom-end"
      width={200}
      button={
        <ActionIcon size={30} aria-label="Menu of the dashboard">
          <IconDots size={18} aria-hidden />
        </ActionIcon>
      }
    >
      {() => (
        <>
          <Menu.Item
            leftSection={<IconPencil size={16} aria-hidden />}
            disabled={isLocked}
            onClick={() => onOpen("details")}
          >
            Edit details
          </Menu.Item>
          <Menu.Item
            leftSection={
              isLocked ? <IconLockOpen size={16} aria-hidden /> : <IconLock size={16} aria-hidden />
            }
            onClick={() => lock.mutate()}
          >
            {isLocked ? "Unlock" : "Lock"}
          </Menu.Item>
          {me?.user.role === "Admin" ? (
            <Menu.Item
              leftSection={<IconUsers size={16} aria-hidden />}
              onClick={() => onOpen("permissions")}
            >
              Permissions
            </Menu.Item>
          ) : null}
          {isOwn ? (
            <>
              <Menu.Divider />
              <Menu.Item
                color="var(--bad)"
                leftSection={<IconTrash size={16} aria-hidden />}
                onClick={() => onOpen("delete")}
              >
                Delete
              </Menu.Item>
            </>
          ) : null}
        </>
      )}
    </OpensMenu>
  );
}
