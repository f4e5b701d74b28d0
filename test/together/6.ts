import { playTogether } from './together.ts'

playTogether(5, 12)
