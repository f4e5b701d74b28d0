import { playTogether } from './together.ts'

playTogether(11, 12)
