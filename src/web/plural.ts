/** A number and what is counted: `1 block`, `2 blocks`. */
import { count } from './format.ts'

export const plural = (number: number, one: string, many = `${one}s`): string => `${count(number)} ${number === 1 ? one : many}`
