import { Button, Checkbox } from "@mantine/core";
import { IconEye } from "@tabler/icons-react";
import { type BlueprintDoc, isSystem, titleOf } from "../catalog/blueprint.ts";
import { OpensPopover } from "../parts/opens.tsx";
import css from "./graph.module.css";

interface Props {
  all: readonly BlueprintDoc[];
  /** Always shown; null: none. */
  own: string | null;
  hide: readonly string[];
  onChange: (hide: string[]) => void;
}

/** Which blueprints are drawn; those of the system below the others. */
export function BlueprintsMenu({ all, own, hide, onChange }: Props) {
  const listed = [...all].sort(
    (a, b) =>
      Number(isSystem(a.identifier)) - Number(isSystem(b.identifier)) || titleOf(a).localeCompare(titleOf(b)),
  );
  const shown = all.filter(({ identifier }) => !hide.includes(identifier)).length;
  return (
    <OpensPopover
      position="bottom-start"
      width={280}
      trapFocus
      returnFocus
      label="Blueprints that are shown"
      button={
        <Button size="xs" variant="default" leftSection={<IconEye size={15} aria-hidden />}>
          {shown} of {all.length} blueprints
        </Button>
      }
    >
      {() => (
        <>
          <div className={css["menu"]} role="group" aria-label="Blueprints that are shown" tabIndex={-1}>
            {listed.map((blueprint) => {
              const { identifier } = blueprint;
              return (
                <Checkbox
                  key={identifier}
                  size="xs"
                  label={titleOf(blueprint)}
                  disabled={identifier === own}
                  checked={!hide.includes(identifier)}
                  onChange={(event) =>
                    onChange(
                      event.currentTarget.checked
                        ? hide.filter((one) => one !== identifier)
                        : [...hide, identifier],
                    )
                  }
                />
              );
            })}
          </div>
          <div className="row" style={{ marginTop: 10 }}>
            <Button size="compact-xs" variant="default" onClick={() => onChange([])}>
              Show all
            </Button>
            <Button
              size="compact-xs"
              variant="default"
              onClick={() =>
                onChange(
                  all.map(({ identifier }) => identifier).filter((one) => isSystem(one) && one !== own),
                )
              }
            >
              The usual
            </Button>
          </div>
        </>
      )}
    </OpensPopover>
  );
}
