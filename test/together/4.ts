import { playTogether } from './together.ts'

playTogether(3, 12)
