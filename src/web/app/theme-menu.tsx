import { ActionIcon, Menu, useMantineColorScheme } from "@mantine/core";
import { IconDeviceDesktop, IconMoon, IconSun } from "@tabler/icons-react";
import { OpensMenu } from "../parts/opens.tsx";

const CHOICES = [
  { value: "light", label: "Light", icon: IconSun },
  { value: "dark", label: "Dark", icon: IconMoon },
  { value: "auto", label: "Match system", icon: IconDeviceDesktop },
] as const;

/** Light, dark or as the system says; remembered in this browser. */
export function ThemeMenu() {
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const current = CHOICES.find(({ value }) => value === colorScheme) ?? CHOICES[2];
  const Current = current.icon;
  const label = `Change theme (now ${current.label.toLowerCase()})`;
  return (
    <OpensMenu
      position="bottom-end"
      width={200}
      button={
        <ActionIcon size={36} aria-label={label} title={label}>
          <Current size={19} aria-hidden />
        </ActionIcon>
      }
    >
      {() => (
        <>
          <Menu.RadioGroup
            value={colorScheme}
            onChange={(value) => {
              const choice = CHOICES.find((candidate) => candidate.value === value);
              if (choice) setColorScheme(choice.value);
            }}
          >
            {CHOICES.map(({ value, label: name, icon: Icon }) => (
              <Menu.RadioItem
                key={value}
                value={value}
                closeMenuOnClick
                rightSection={<Icon size={16} aria-hidden />}
              >
                {name}
              </Menu.RadioItem>
            ))}
          </Menu.RadioGroup>
        </>
      )}
    </OpensMenu>
  );
}
