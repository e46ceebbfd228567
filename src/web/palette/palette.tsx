import { Modal, useMantineColorScheme } from "@mantine/core";
import {
  IconBox,
  IconBolt,
  IconChecklist,
  IconClock,
  IconCommand,
  IconFile,
  IconPlugConnected,
  IconSchema,
  IconSearch,
  IconSettings,
  IconX,
} from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useRouter } from "@tanstack/react-router";
import { type KeyboardEvent, type RefObject, useEffect, useId, useState } from "react";
import { meQuery } from "../api/queries.ts";
import { PortIcon } from "../parts/port-icon.tsx";
import { useLayer } from "../parts/use-layer.ts";
import { type Item, type ItemKind, sectionsOf } from "./items.ts";
import css from "./palette.module.css";
import { useFoundItems, useItems } from "./use-items.ts";

interface Props {
  /** What was typed while this was on its way. */
  typed: RefObject<string>;
  onClose: () => void;
  onNewDashboard: () => void;
}

const ICONS: Readonly<Record<ItemKind, typeof IconBox>> = {
  recent: IconClock,
  page: IconFile,
  action: IconBolt,
  entity: IconBox,
  blueprint: IconSchema,
  source: IconPlugConnected,
  scorecard: IconChecklist,
  settings: IconSettings,
  command: IconCommand,
};

/** Ask the server once typing rests. */
const REST_MS = 120;

/** Goes anywhere and does what has no place of its own, by a few letters. */
export function Palette({ typed, onClose, onNewDashboard }: Props) {
  const [text, setText] = useState(() => typed.current);
  const [asked, setAsked] = useState("");
  const [at, setAt] = useState(0);
  const id = useId();
  const router = useRouter();
  const items = useItems();
  const commands = useCommands(onNewDashboard);
  const found = useFoundItems(text.trim() === "" ? "" : asked);
  useEffect(() => {
    const timer = setTimeout(() => setAsked(text), REST_MS);
    return () => clearTimeout(timer);
  }, [text]);

  const sections = sectionsOf([...items, ...commands], found.items, text);
  const flat = sections.flatMap((section) => section.items);
  const active = flat[Math.min(at, flat.length - 1)];
  const optionId = (item: Item) => `${id}-${flat.indexOf(item)}`;
  const activeId = active ? optionId(active) : "";
  useEffect(() => {
    document.getElementById(activeId)?.scrollIntoView({ block: "nearest" });
  }, [activeId]);

  const choose = (item: Item, inNewTab = false) => {
    if (typeof item.go !== "string") {
      onClose();
      item.go();
    } else if (inNewTab) window.open(item.go, "_blank", "noopener");
    else {
      onClose();
      router.history.push(item.go);
    }
  };
  const onKey = (event: KeyboardEvent) => {
    const last = flat.length - 1;
    const to: Readonly<Record<string, number>> = {
      ArrowDown: at >= last ? 0 : at + 1,
      ArrowUp: at <= 0 ? last : at - 1,
      PageDown: Math.min(last, at + 8),
      PageUp: Math.max(0, at - 8),
    };
    const next = to[event.key];
    if (next !== undefined) {
      event.preventDefault();
      setAt(Math.max(0, next));
    } else if (event.key === "Enter" && !event.nativeEvent.isComposing) {
      event.preventDefault();
      if (active) choose(active, event.ctrlKey || event.metaKey);
    }
  };
  const isTopmost = useLayer();
  const isWaiting = found.isBusy || text !== asked;

  return (
    <Modal.Root
      opened
      onClose={() => {
        if (isTopmost()) onClose();
      }}
      size={640}
      yOffset="10vh"
      transitionProps={{ duration: 0 }}
      classNames={{ content: css["content"] ?? "" }}
    >
      <Modal.Overlay backgroundOpacity={0.35} />
      <Modal.Content aria-label="Search and commands">
        <div className={css["field"]}>
          <IconSearch size={18} aria-hidden />
          <input
            data-autofocus
            autoFocus
            role="combobox"
            aria-label="Search and commands"
            aria-expanded={flat.length > 0}
            aria-controls={`${id}-list`}
            aria-autocomplete="list"
            aria-activedescendant={activeId === "" ? undefined : activeId}
            placeholder="Search or run a command"
            autoComplete="off"
            spellCheck={false}
            maxLength={200}
            value={text}
            onChange={(event) => {
              setText(event.currentTarget.value);
              setAt(0);
            }}
            onKeyDown={onKey}
          />
          <button type="button" className={css["close"]} onClick={onClose}>
            <kbd>Esc</kbd>
            <IconX size={18} aria-hidden />
            <span className="sr"> closes</span>
          </button>
        </div>
        <span className="sr" role="status">
          {isWaiting ? "Searching" : `${flat.length} results`}
        </span>
        {found.error && flat.length > 0 ? (
          <p className={css["note"]} role="alert">
            Entities could not be searched: {found.error.message}
          </p>
        ) : null}
        {found.isComplete ? null : (
          <p className={css["note"]} role="status">
            There are too many entities to look at each: these have an identifier that begins so. An index of
            all names is being made.
          </p>
        )}
        <div id={`${id}-list`} role="listbox" aria-label="Results" className={css["list"]}>
          {sections.map((section) => (
            <div key={section.title} role="group" aria-label={section.title}>
              <div className={css["heading"]} aria-hidden>
                {section.title}
              </div>
              {section.items.map((item) => (
                <Option
                  key={item.key}
                  id={optionId(item)}
                  item={item}
                  isActive={item === active}
                  onActive={() => setAt(flat.indexOf(item))}
                  onChoose={(inNewTab) => choose(item, inNewTab)}
                />
              ))}
            </div>
          ))}
        </div>
        {flat.length === 0 ? (
          <p className={css["none"]}>
            {isWaiting
              ? "Searching …"
              : found.error
                ? found.error.message
                : `Nothing is called “${text.trim()}”.`}
          </p>
        ) : null}
        <p className={css["keys"]} aria-hidden>
          <kbd>↑</kbd>
          <kbd>↓</kbd> choose <kbd>Enter</kbd> open <kbd>Ctrl</kbd> <kbd>Enter</kbd> in a new tab
        </p>
      </Modal.Content>
    </Modal.Root>
  );
}

/** The keys are the field's: it keeps the focus, and says which option is the active one. */
function Option({
  id,
  item,
  isActive,
  onActive,
  onChoose,
}: {
  id: string;
  item: Item;
  isActive: boolean;
  onActive: () => void;
  onChoose: (inNewTab: boolean) => void;
}) {
  const Icon = ICONS[item.kind];
  return (
    <div
      id={id}
      role="option"
      aria-selected={isActive}
      className={css["option"]}
      onMouseMove={isActive ? undefined : onActive}
      onClick={(event) => onChoose(event.ctrlKey || event.metaKey)}
    >
      <span className={css["icon"]}>
        {item.icon ? <PortIcon name={item.icon} size={17} /> : <Icon size={17} aria-hidden />}
      </span>
      <span className={css["title"]}>{item.title}</span>
      {item.hint ? <span className={css["hint"]}>{item.hint}</span> : null}
    </div>
  );
}

function useCommands(onNewDashboard: () => void): Item[] {
  const { setColorScheme } = useMantineColorScheme();
  const { data: me } = useQuery(meQuery);
  const isAdmin = me?.user.role === "Admin";
  const command = (title: string, go: Item["go"], words = ""): Item => ({
    key: `command ${title}`,
    kind: "command",
    title,
    words,
    go,
  });
  return [
    ...(isAdmin
      ? [
          command("New blueprint", "/builder?new=blueprint", "create data model"),
          command("New dashboard", onNewDashboard, "create page"),
          command("New action", "/self-serve?edit=new", "create self-service form json"),
          command("New automation", "/automations?edit=new", "create trigger json"),
          command("Connect a data source", "/sources", "new integration"),
          command("Invite a user", "/settings/users?open=invite", "new person"),
          command("New team", "/settings/teams?open=new", "create"),
        ]
      : []),
    command("Use the light theme", () => setColorScheme("light"), "switch colour mode"),
    command("Use the dark theme", () => setColorScheme("dark"), "switch colour mode"),
    command("Match the theme of the system", () => setColorScheme("auto"), "switch colour mode automatic"),
    command(
      "Copy the address of this page",
      () => void navigator.clipboard.writeText(location.href),
      "link share",
    ),
    command("API reference", () => location.assign("/docs"), "openapi swagger"),
  ];
}
