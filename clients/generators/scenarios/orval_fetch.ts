// What orval's functions call: the shop's address, the Bearer token, and problems as errors.
import { shop } from "./shop.js";

export const signedIn = { access: "" };

export class Refused extends Error {
  constructor(readonly problem: { code: string; status: number; detail: string }) {
    super(problem.detail);
  }
}

export async function send<T>(path: string, options: RequestInit): Promise<T> {
  const headers = new Headers(options.headers);
  if (signedIn.access) headers.set("Authorization", `Bearer ${signedIn.access}`);
  const response = await fetch(new URL(path, shop.url), { ...options, headers });
  if (response.headers.get("Content-Type")?.startsWith("image/")) return (await response.blob()) as T;
  const text = await response.text();
  if (!response.ok) throw new Refused(JSON.parse(text));
  return (text ? JSON.parse(text) : undefined) as T;
}
