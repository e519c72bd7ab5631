/** What the examples mean by `cairn`: this checkout's source as it is now, where a project of your own has the package. */
export * from '../../src/index.ts'
