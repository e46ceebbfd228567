import { Link } from "@tanstack/react-router";
import { useQuery } from "@tanstack/react-query";
import { allBlueprintsQuery, entityCountQuery } from "../catalog/queries.ts";
import { NO_FILTER } from "../lib/catalog-search.ts";
import { plural } from "../lib/format.ts";
import { Breadcrumb } from "../parts/breadcrumb.tsx";
import { Command } from "../parts/command.tsx";
import { PageHead } from "../parts/page-head.tsx";
import css from "./pages.module.css";

/** How to send deployments by API from any pipeline. */
export function ConnectPage() {
  const portal = window.location.origin;
  const blueprints = useQuery(allBlueprintsQuery).data ?? [];
  const hasBlueprints = ["service", "deployment"].every((id) =>
    blueprints.some(({ identifier }) => identifier === id),
  );
  return (
    <div className="stack">
      <PageHead
        title="Send deployments"
        crumbs={
          <Breadcrumb>
            <Link to="/sources">Data sources</Link>
          </Breadcrumb>
        }
      >
        From any system that can make an HTTP request. Systems with a connection of their own are among the{" "}
        <Link to="/sources">data sources</Link>.
      </PageHead>
      <section className={`card ${css["prose"]}`} aria-labelledby="token">
        <h2 id="token">1. Get a token</h2>
        <p>
          Create a client id and secret under <Link to="/settings/credentials">API credentials</Link>{" "}
          (administrators), or of your own under <Link to="/settings/account">My account</Link>; the first
          pair is in <code>credentials.json</code> in the server's data folder. A token is good for three
          hours. Steps 2 and 3 need the credentials of an administrator; deployments may be sent by everybody
          who may register them, by default administrators and moderators of the blueprint.
        </p>
        <Command label="token command" text={tokenCommand(portal)} />
        <h2>2. Say what a service and a deployment are, once</h2>
        {hasBlueprints ? (
          <p role="status">Done: both blueprints are there.</p>
        ) : (
          <>
            <p>Two blueprints give the data its shape.</p>
            <Command label="blueprint command" text={blueprintCommand(portal)} />
          </>
        )}
        <h2>3. Name the service, once</h2>
        <p>A deployment belongs to a service. Sending it again changes nothing.</p>
        <Command label="service command" text={serviceCommand(portal)} />
        <h2>4. Send each deployment</h2>
        <p>
          At the end of the pipeline. <code>sha</code> lets Fairway find the changes a deployment shipped,
          when the commits are known; a failed one is sent with <code>"Failed"</code>.
        </p>
        <Command label="deployment command" text={deploymentCommand(portal)} />
        {hasBlueprints ? <Received /> : null}
        <p>
          It is in the <Link to="/dora">DORA metrics</Link> within a second. All fields are in the{" "}
          <a href="/docs">API reference</a>.
        </p>
      </section>
    </div>
  );
}

/** Follows by itself: what is written makes the count stale. */
function Received() {
  const count = useQuery(entityCountQuery("deployment", { text: "", filter: NO_FILTER }));
  if (count.data === undefined) return null;
  return (
    <p role="status">
      {count.data === 0 ? (
        "Waiting for the first deployment …"
      ) : (
        <>
          Received:{" "}
          <Link to="/c/$blueprint" params={{ blueprint: "deployment" }}>
            {plural(count.data, "deployment")}
          </Link>
        </>
      )}
    </p>
  );
}

function tokenCommand(portal: string): string {
  return `TOKEN=$(curl -s -X POST '${portal}/v1/auth/access_token' \\
  -H 'Content-Type: application/json' \\
  -d '{"clientId": "CLIENT_ID", "clientSecret": "CLIENT_SECRET"}' \\
  | sed 's/.*"accessToken":"\\([^"]*\\)".*/\\1/')`;
}

function blueprintCommand(portal: string): string {
  const post = `curl -X POST '${portal}/v1/blueprints' \\
  -H "Authorization: Bearer $TOKEN" \\
  -H 'Content-Type: application/json' \\
  -d`;
  return `${post} '{"identifier": "service", "title": "Service", "schema": {"properties": {}, "required": []}, "relations": {}}'

${post} '{
    "identifier": "deployment",
    "title": "Deployment",
    "schema": {
      "properties": {
        "createdAt": {"title": "Deployment time", "type": "string", "format": "date-time"},
        "environment": {"title": "Environment", "type": "string", "enum": ["Production", "Staging", "Testing"]},
        "deploymentStatus": {"title": "Deployment status", "type": "string", "enum": ["Success", "Failed"]},
        "sha": {"title": "Commit", "type": "string"}
      },
      "required": []
    },
    "relations": {"service": {"title": "Service", "target": "service", "required": false, "many": false}}
  }'`;
}

function serviceCommand(portal: string): string {
  return `curl -X POST '${portal}/v1/blueprints/service/entities?upsert=true&merge=true' \\
  -H "Authorization: Bearer $TOKEN" \\
  -H 'Content-Type: application/json' \\
  -d '{"identifier": "checkout", "title": "Checkout"}'`;
}

function deploymentCommand(portal: string): string {
  return `curl -X POST '${portal}/v1/blueprints/deployment/entities?upsert=true&merge=true' \\
  -H "Authorization: Bearer $TOKEN" \\
  -H 'Content-Type: application/json' \\
  -d '{
    "identifier": "checkout-1234",
    "title": "Deployment 1234",
    "properties": {
      "environment": "Production",
      "createdAt": "'"$(date -u +%Y-%m-%dT%H:%M:%SZ)"'",
      "deploymentStatus": "Success",
      "sha": "'"$(git rev-parse HEAD)"'"
    },
    "relations": {"service": "checkout"}
  }'`;
}
