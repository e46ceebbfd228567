import { Button } from "@mantine/core";
import { IconChartBar, IconGitBranch, IconPlugConnected } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import type { Setup } from "../api/types.ts";
import { PageHead } from "../parts/page-head.tsx";
import { DemoOffer } from "./demo-offer.tsx";
import { ImportWatch } from "./import-watch.tsx";
import { ImportCommand } from "./import-command.tsx";
import css from "./start.module.css";

/** An empty portal: three ways to the first numbers. */
export function StartScreen({ setup }: { setup: Setup }) {
  return (
    <div className="stack">
      <PageHead title="Welcome to Fairway">
        {setup.empty
          ? "There is no data yet. Three ways to see deployment frequency, lead time, failures and rework:"
          : "The first data is coming in. You can add more at any time:"}
      </PageHead>
      <div className={css["offers"]}>
        <Offer
          icon={<IconGitBranch size={20} aria-hidden />}
          title="Import a git repository"
          time="About a minute"
          text="Your own numbers from a clone you have: tags become deployments, commits and merges become changes. They go to this portal and nowhere else."
        >
          <ImportCommand command={setup.importCommand} />
        </Offer>
        <Offer
          icon={<IconChartBar size={20} aria-hidden />}
          title="Load demo data"
          time="About half a minute"
          text="A made-up organisation: 4 domains, 12 teams, 60 services and a year of deployments. Good for looking around first."
        >
          <DemoOffer setup={setup} />
        </Offer>
        <Offer
          icon={<IconPlugConnected size={20} aria-hidden />}
          title="Connect a source"
          time="A few minutes"
          text="Your git host, pipelines and incident tool, with their whole history. Paste a token and choose what counts as a deployment."
        >
          <Button component={Link} to="/sources" variant="default">
            Choose a system
          </Button>
        </Offer>
      </div>
      <ImportWatch waiting />
    </div>
  );
}

function Offer({
  icon,
  title,
  time,
  text,
  children,
}: {
  icon: ReactNode;
  title: string;
  time: string;
  text: string;
  children: ReactNode;
}) {
  return (
    <section className={`card ${css["offer"]}`} aria-label={title}>
      <div className={css["icon"]}>{icon}</div>
      <h2>{title}</h2>
      <p className={css["time"]}>{time}</p>
      <p className="muted">{text}</p>
      <div className={css["act"]}>{children}</div>
    </section>
  );
}
