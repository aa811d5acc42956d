import { PasswordInput, type PasswordInputProps } from "@mantine/core";

export const PasswordField = (props: PasswordInputProps) => <PasswordInput {...props} />;
