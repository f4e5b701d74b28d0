import { playTogether } from './together.ts'

playTogether(1, 12)
