/**
 * A gate in Redis, as scripts: places are members of a sorted set by when they end, and `held` is a key that lives for as
 * long as the CRM wants to be left alone. Redis's own clock counts, since those of the instances may differ.
 */

const clock = `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)`

/** ARGV[#]: milliseconds that the caller knows of. Nobody shortens what another one knows. */
const hold = (argument: number) => `
local told = tonumber(ARGV[${argument}])
local held = redis.call('PTTL', KEYS[2])
if told > 0 and told > held then
  redis.call('SET', KEYS[2], 1, 'PX', told)
  held = told
end`

/** The set goes when its last place has ended. */
const keep = (argument: number) => `
local ends = tonumber(ARGV[${argument}])
if redis.call('PTTL', KEYS[1]) < ends then redis.call('PEXPIRE', KEYS[1], ends) end`

/** KEYS: places, held. ARGV: the place's name, how many there may be, how long it is kept, told. Answers [entered, held]. */
export const enterScript = `${hold(4)}
if held > 0 then return {0, held} end
${clock}
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now)
if redis.call('ZCARD', KEYS[1]) >= tonumber(ARGV[2]) then return {0, 0} end
redis.call('ZADD', KEYS[1], now + ARGV[3], ARGV[1])
${keep(3)}
return {1, 0}`

/** KEYS: places. ARGV: the place's name, how long it is kept. One that Redis has forgotten is there again. */
export const stayScript = `${clock}
redis.call('ZADD', KEYS[1], now + ARGV[2], ARGV[1])
${keep(2)}
return 1`

/** KEYS: places, held. ARGV: the place's name, told. */
export const leaveScript = `
redis.call('ZREM', KEYS[1], ARGV[1])
${hold(2)}
return held`
