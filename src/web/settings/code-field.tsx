import { TextInput } from "@mantine/core";

/** A code of an authenticator app. @param isRecoveryTaken a recovery code is good as well */
export function CodeField({
  value,
  onChange,
  isRecoveryTaken = false,
}: {
  value: string;
  onChange: (value: string) => void;
  isRecoveryTaken?: boolean;
}) {
  return (
    <TextInput
      label="Code"
      description={isRecoveryTaken ? "Of your app, or a recovery code" : "Six digits that your app shows now"}
      autoComplete="one-time-code"
      inputMode={isRecoveryTaken ? "text" : "numeric"}
      maxLength={30}
      data-autofocus
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}
