import { playTogether } from './together.ts'

playTogether(6, 12)
