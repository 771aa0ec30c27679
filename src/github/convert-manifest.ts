import { Octokit } from '@octokit/rest';

/** What GitHub gives an App that was just registered from a manifest. */
export interface RegisteredApp {
  readonly id: number;
  readonly slug: string;
  readonly htmlUrl: string;
  readonly pem: string;
  readonly webhookSecret: string | null;
}

/** Exchanges the code of the manifest flow, valid for one hour and once, for the App's credentials. */
export async function convertManifest(code: string, baseUrl: string): Promise<RegisteredApp> {
  const octokit = new Octokit({ baseUrl, userAgent: 'belay-setup' });
  const { data } = await octokit.request('POST /app-manifests/{code}/conversions', { code });
  return { id: data.id, slug: data.slug ?? String(data.id), htmlUrl: data.html_url, pem: data.pem, webhookSecret: data.webhook_secret };
}
