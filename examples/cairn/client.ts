/** What the examples mean by `cairn/client`: as index.ts beside this. */
export * from '../../src/http/client.ts'
