import { readFileSync } from "node:fs";
import { join } from "node:path";

/** One row of job-vectors.json; conformance/README.md says what its fields mean. */
export interface JobVector {
  readonly name: string;
  readonly group: string;
  readonly tags?: readonly string[];
  readonly plan: LightningPlan;
  readonly input?: unknown;
  readonly raw_input?: string;
  readonly credentials?: Readonly<Record<string, Record<string, unknown>>>;
  readonly expected: ExpectedRun;
}

export interface ExpectedRun {
  readonly reason: string;
  readonly error_type: string | null;
  readonly error_message?: unknown;
  readonly final_state?: unknown;
  readonly steps: readonly ExpectedStep[];
  readonly operations?: readonly number[];
  readonly logs: readonly Record<string, unknown>[];
  readonly error_pos?: { readonly line: number; readonly column?: number };
}

export interface ExpectedStep {
  readonly job_id: string;
  readonly reason: string;
  readonly error_type: string | null;
  readonly error_message?: unknown;
  readonly output?: unknown;
  readonly output_error?: string;
  readonly webhook_response?: unknown;
}

interface LightningPlan {
  readonly jobs: readonly {
    readonly id: string;
    readonly name?: string;
    readonly body: string;
    readonly adaptor?: string;
    readonly credential?: Record<string, unknown>;
    readonly credential_id?: string;
    readonly state?: Record<string, unknown>;
  }[];
  readonly edges?: readonly {
    readonly source_job_id?: string;
    readonly source_trigger_id?: string;
    readonly target_job_id: string;
    readonly condition?: string;
    readonly enabled?: boolean;
  }[];
  readonly triggers?: readonly { readonly id: string }[];
  readonly starting_node_id?: string;
  readonly globals?: unknown;
  readonly options?: Readonly<Record<string, unknown>>;
}

export const jobVectors: readonly JobVector[] = JSON.parse(
  readFileSync(join(import.meta.dirname, "job-vectors.json"), "utf8"),
);
