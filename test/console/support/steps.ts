/** What people do on the console's pages. */
import type { Locator, Page } from 'playwright-core';
import { expect } from 'vitest';

/** Goes to a page by the navigation. */
export async function follow(page: Page, name: string): Promise<void> {
  await page.getByRole('navigation', { name: 'Pages' }).getByRole('link', { name, exact: true }).click();
}

export async function choose(control: Locator, option: string | RegExp): Promise<void> {
  await control.click();
  await control.page().getByRole('option', { name: option, exact: true }).click();
}

/** Saves the form once the model has told what it would turn, and waits for what packets say. */
export async function save(page: Page, button: string): Promise<void> {
  await page.getByRole('table', { name: 'What would change' }).getByRole('row').nth(1).waitFor();
  await page.getByRole('button', { name: button }).click();
  const said = page.getByText(/ackets met what the model said\.|: not saved|No cell turned\./).first();
  const isSaid = await said.waitFor().then(
    () => true,
    () => false,
  );
  const shown = await page.getByRole('main').innerText();
  expect(isSaid ? await said.textContent() : 'nothing', shown).toBe('Packets met what the model said.');
}

/** Adds a tag to a form that creates something. */
export async function addTag(page: Page, key: string, value: string): Promise<void> {
  await page.getByRole('button', { name: 'Add new tag' }).click();
  await page.getByLabel('Key').last().fill(key);
  await page.getByLabel('Value - optional').last().fill(value);
}
