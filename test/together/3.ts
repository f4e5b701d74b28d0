import { playTogether } from './together.ts'

playTogether(2, 12)
