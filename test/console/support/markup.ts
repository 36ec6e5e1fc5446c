/** Texts on which a page would act that took them for markup. */
import type { Page } from 'playwright-core';

/** Names, stories, places of a URL: nobody looks at their characters. */
export const MARKUP = '<img src=x onerror=alert(1)><script>alert(2)</script><a href="javascript:alert(3)">here</a>';
/** Of the characters that AWS takes in a description. */
export const DESCRIPTION = '&lt;img src=x onerror=alert(1)&gt; javascript:alert(2)';

/** The number of elements that only such a text can have made. */
export function madeOfText(page: Page): Promise<number> {
  return page.locator('img, #root script, a[href^="javascript:" i], [onerror]').count();
}
