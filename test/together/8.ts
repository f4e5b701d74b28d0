import { playTogether } from './together.ts'

playTogether(7, 12)
