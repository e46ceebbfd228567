import { useQuery } from "@tanstack/react-query";
import { useIsAdmin } from "../api/use-is-admin.ts";
import { organizationQuery } from "../app/organization-query.ts";
import { NoPermission } from "../parts/no-permission.tsx";
import { PageHead } from "../parts/page-head.tsx";
import { DoraForm, doraSettingsQuery } from "../settings/dora-form.tsx";
import { NotYet } from "../settings/not-yet.tsx";
import { OrganizationForm } from "../settings/organization-form.tsx";
import { SignInCard } from "../settings/sign-in-card.tsx";

/** Name and looks of the portal, its announcement, and the time zone of the numbers. */
export function OrganizationPage() {
  if (useIsAdmin()) return <Parts />;
  return (
    <div className="stack">
      <PageHead title="Organisation" />
      <NoPermission title="Only administrators change these settings" />
    </div>
  );
}

function Parts() {
  const organization = useQuery(organizationQuery);
  const dora = useQuery(doraSettingsQuery);
  return (
    <div className="stack">
      <PageHead title="Organisation">
        Name and looks of the portal, announcement, signing in, time zone and DORA.
      </PageHead>
      {organization.data ? (
        <OrganizationForm organization={organization.data} />
      ) : (
        <NotYet
          what="the organisation"
          error={organization.error}
          onRetry={() => void organization.refetch()}
        />
      )}
      <SignInCard />
      {dora.data ? (
        <DoraForm key={dora.data.settingsHash} settings={dora.data} />
      ) : (
        <NotYet what="the DORA settings" error={dora.error} onRetry={() => void dora.refetch()} />
      )}
    </div>
  );
}
