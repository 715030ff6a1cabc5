/** The oldest browser that the console is built for: what 360, 奇安信, UOS and Kylin still ship. */
export const OLDEST = 'chrome86'
