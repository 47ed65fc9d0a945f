/** A JSON Schema of one argument, as far as a form reads it. */
export interface FieldSchema {
  anyOf?: readonly FieldSchema[];
  type?: string | string[];
  description?: string;
  enum?: unknown[];
  items?: FieldSchema;
  properties?: Record<string, FieldSchema>;
  required?: string[];
  default?: unknown;
  maxLength?: number;
  minimum?: number;
  maximum?: number;
  /** As in `date`, `date-time`, `uri`. */
  format?: string;
  $ref?: string;
}

/** What can be asked for: a skill's name, what it does, and its arguments. */
export interface Offered {
  skill: string;
  title: string;
  input: FieldSchema;
  /** What arguments are, as in `path`. */
  types: Readonly<Record<string, string>>;
}
