import { playTogether } from './together.ts'

playTogether(10, 12)
