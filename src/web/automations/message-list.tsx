import { Button } from "@mantine/core";
import { IconBell, IconSearch } from "@tabler/icons-react";
import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useFollow } from "../api/live.tsx";
import { plural } from "../lib/format.ts";
import { Ago } from "../parts/ago.tsx";
import { AnyLink } from "../parts/any-link.tsx";
import { Bone } from "../parts/bone.tsx";
import { Empty } from "../parts/empty.tsx";
import { ErrorPanel } from "../parts/error-panel.tsx";
import { Tag } from "../parts/tag.tsx";
import { type MessageDoc, type MessageFilter, messagesQuery } from "./message-queries.ts";
import { CHANNEL_WORDS, STATE_WORDS } from "./message-words.ts";

/** Who was told what, when, by which channel, and whether it came there; newest first. */
export function MessageList({ filter }: { filter: MessageFilter }) {
  const follow = useFollow();
  const messages = useInfiniteQuery({
    ...messagesQuery(filter),
    // What is far down is not asked for again and again.
    refetchInterval: (query) => ((query.state.data?.pages.length ?? 0) <= 2 ? follow : false),
  });
  if (messages.data === undefined)
    return messages.error ? (
      <ErrorPanel what="load the messages" error={messages.error} onRetry={() => void messages.refetch()} />
    ) : (
      <div aria-busy>
        <Bone height={260} />
      </div>
    );
  const all = messages.data.pages.flatMap(({ notifications }) => notifications);
  if (all.length === 0)
    return Object.values(filter).some((value) => value !== undefined) ? (
      <Empty icon={IconSearch} title="No message fits.">
        <Link to="/automations" search={{ tab: "messages" }}>
          Clear every filter
        </Link>
      </Empty>
    ) : (
      <Empty icon={IconBell} title="Nobody was told anything yet">
        <p>
          Messages of alerts, initiatives, approvals and automations are listed here with their delivery, as
          long as runs are kept.
        </p>
      </Empty>
    );
  return (
    <>
      <div className="card scroll-x" tabIndex={0} role="region" aria-label="Messages">
        <table className="data stacked">
          <thead>
            <tr>
              <th scope="col">Message</th>
              <th scope="col">From</th>
              <th scope="col">To</th>
              <th scope="col">Delivery</th>
              <th scope="col">When</th>
            </tr>
          </thead>
          <tbody>
            {all.map((message) => (
              <Row key={message.id} message={message} />
            ))}
          </tbody>
        </table>
      </div>
      {messages.isFetchNextPageError ? (
        <ErrorPanel what="load older messages" error={messages.error} />
      ) : null}
      {messages.hasNextPage ? (
        <div>
          <Button
            size="xs"
            variant="default"
            loading={messages.isFetchingNextPage}
            onClick={() => void messages.fetchNextPage()}
          >
            Load older ones
          </Button>
        </div>
      ) : null}
    </>
  );
}

function Row({ message }: { message: MessageDoc }) {
  const { id, title, text, evidenceUrl, at } = message;
  return (
    <tr>
      <td>
        <Link to="/runs/$run" params={{ run: id }}>
          {title}
        </Link>
        <p className="muted small">{bodyOf(text, title)}</p>
        {evidenceUrl === null ? null : (
          <span className="small">
            <AnyLink href={ownPath(evidenceUrl)}>Evidence</AnyLink>
          </span>
        )}
      </td>
      <td data-label="From">
        <span>
          <Source message={message} />
        </span>
      </td>
      <td data-label="To">
        <span>
          {CHANNEL_WORDS[message.channel] ?? message.channel}
          <Whom message={message} />
        </span>
      </td>
      <td data-label="Delivery">
        <span>
          <State message={message} />
        </span>
      </td>
      <td data-label="When">
        <span>
          <Ago iso={at} />
        </span>
      </td>
    </tr>
  );
}

const SOURCES = {
  alert: "Alert",
  initiative: "Initiative",
  approval: "Approval",
  automation: "Automation",
} as const;

function Source({ message }: { message: MessageDoc }) {
  return (
    <>
      <SourceLink message={message} />
      <p className="muted small">{SOURCES[message.kind]}</p>
    </>
  );
}

function SourceLink({ message: { kind, of, id } }: { message: MessageDoc }) {
  switch (kind) {
    case "alert":
      return (
        <Link to="/automations" search={{ tab: "alerts", edit: of }}>
          {of}
        </Link>
      );
    case "initiative":
      return (
        <Link to="/initiatives/$id" params={{ id: of }}>
          {of}
        </Link>
      );
    case "approval":
      return (
        <Link to="/runs/$run" params={{ run: id }}>
          {of}
        </Link>
      );
    default:
      return (
        <Link to="/automations" search={{ edit: of }}>
          {of}
        </Link>
      );
  }
}

const NAMED = 3;

function Whom({ message: { to, teams, channel } }: { message: MessageDoc }) {
  const names = channel === "team-channel" ? teams : to;
  if (names.length === 0) return null;
  const more = names.length - NAMED;
  return (
    <p className="muted small" title={names.join(", ")}>
      {names.slice(0, NAMED).join(", ")}
      {more > 0 ? ` and ${more} more` : ""}
    </p>
  );
}

const TONES = { delivered: "good", failed: "bad", retrying: "warn", waiting: undefined } as const;

function State({ message: { state, attempts, problem } }: { message: MessageDoc }) {
  return (
    <>
      <Tag tone={TONES[state]}>{STATE_WORDS[state] ?? state}</Tag>
      {attempts > 1 || (state === "retrying" && attempts > 0) ? (
        <span className="muted small"> {plural(attempts, "attempt")}</span>
      ) : null}
      {problem === null ? null : <p className="muted small">{problem}</p>}
    </>
  );
}

/** What it says below its heading; the address is a link of its own. */
function bodyOf(text: string | null, title: string): string {
  const lines = (text ?? "")
    .split("\n")
    .filter((line) => line !== title && !/^(Evidence|Details): /.test(line));
  const body = lines.join(" ");
  return body.length > 240 ? `${body.slice(0, 240)}…` : body;
}

/** In this tab, where it is one of the portal's own pages. */
function ownPath(href: string): string {
  if (!URL.canParse(href)) return href;
  const url = new URL(href);
  return url.origin === location.origin ? `${url.pathname}${url.search}` : href;
}
