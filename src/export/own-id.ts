/** `id: …` of what is called by its id: only with it the name is found where ids are. */
export function ownId({ id, name }: { readonly id: string; readonly name: string }): { readonly id?: string } {
  return name === id ? { id } : {};
}
