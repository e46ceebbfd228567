import { Button, TextInput } from "@mantine/core";
import { useRef, useState } from "react";
import { isOwnPicture } from "../app/organization-query.ts";
import css from "./settings.module.css";

/** What the API takes as text of a picture. */
const MAX_LENGTH = 10_000;

/** A small picture, kept in the settings themselves so that nothing is fetched from elsewhere. */
export function LogoField({ value, onChange }: { value: string; onChange: (value: string) => void }) {
  const file = useRef<HTMLInputElement>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const isStored = value.startsWith("data:");
  const read = async (picture: File) => {
    const text = await dataUrl(picture);
    const isPicture = isOwnPicture(text);
    setProblem(
      !isPicture
        ? "This is no PNG, JPEG, GIF, WebP or SVG picture"
        : text.length > MAX_LENGTH
          ? `The picture is too large: at most ${Math.floor((MAX_LENGTH * 3) / 4 / 1000)} kB`
          : null,
    );
    if (isPicture && text.length <= MAX_LENGTH) onChange(text);
  };
  return (
    <div className="stack" style={{ gap: 8 }}>
      <TextInput
        label="Logo"
        description="A picture of at most 7 kB, or an address on this host that begins with /"
        maxLength={MAX_LENGTH}
        disabled={isStored}
        error={problem}
        value={isStored ? "An uploaded picture" : value}
        onChange={(event) => onChange(event.currentTarget.value)}
      />
      <div className={css["logo"]}>
        {isOwnPicture(value) ? <img src={value} alt="The logo as it is" /> : null}
        <input
          ref={file}
          type="file"
          hidden
          aria-label="Picture of the logo"
          accept="image/png,image/jpeg,image/gif,image/webp,image/svg+xml"
          onChange={(event) => {
            const [picture] = event.currentTarget.files ?? [];
            if (picture) void read(picture);
            event.currentTarget.value = "";
          }}
        />
        <Button size="xs" variant="default" onClick={() => file.current?.click()}>
          Upload a picture
        </Button>
        {value === "" ? null : (
          <Button size="xs" variant="subtle" color="gray" onClick={() => onChange("")}>
            Remove
          </Button>
        )}
      </div>
    </div>
  );
}

const dataUrl = (picture: File): Promise<string> =>
  new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.addEventListener("load", () => resolve(typeof reader.result === "string" ? reader.result : ""));
    reader.addEventListener("error", () => reject(reader.error ?? new Error("the file cannot be read")));
    reader.readAsDataURL(picture);
  });
