import { playTogether } from './together.ts'

playTogether(0, 12)
