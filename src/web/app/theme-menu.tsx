import { ActionIcon, Menu, useMantineColorScheme } from "@mantine/core";
import { IconBrightnessHalf, IconMoon, IconSun } from "@tabler/icons-react";
import { OpensMenu } from "../parts/opens.tsx";

const CHOICES = [
  { value: "light", label: "Light", icon: IconSun },
  { value: "dark", label: "Dark", icon: IconMoon },
  { value: "auto", label: "System", icon: IconBrightnessHalf },
] as const;

/** Light, dark or as the system says; remembered in this browser. */
export function ThemeMenu() {
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const current = CHOICES.find(({ value }) => value === colorScheme) ?? CHOICES[2];
  const Current = current.icon;
  return (
    <OpensMenu
      position="bottom-end"
      width={170}
      button={
        <ActionIcon size={36} aria-label={`Theme: ${current.label}`}>
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
            {CHOICES.map(({ value, label }) => (
              <Menu.RadioItem key={value} value={value} closeMenuOnClick>
                {label}
              </Menu.RadioItem>
            ))}
          </Menu.RadioGroup>
        </>
      )}
    </OpensMenu>
  );
}
