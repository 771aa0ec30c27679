import Anthropic from '@anthropic-ai/sdk';

/** How to reach the service. */
export interface Access {
  readonly apiKey: string;
  /** A proxy or gateway in front of the API; unset for the service itself. */
  readonly baseUrl?: string;
}

/**
 * A client that does nothing behind our back: no retries of its own (we count each attempt's cost), no logging (requests
 * hold code), no tracing, and no credentials but the key given.
 */
export function openClient(access: Access): Anthropic {
  return new Anthropic({
    apiKey: access.apiKey,
    baseURL: access.baseUrl ?? 'https://api.anthropic.com',
    maxRetries: 0,
    logLevel: 'off',
    openTelemetry: false,
  });
}
