import { playTogether } from './together.ts'

playTogether(4, 12)
