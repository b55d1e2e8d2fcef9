/** How values are written everywhere in the window. One place, so that the list and the detail never disagree. */
export * from './numbers.ts'
export * from './time.ts'
