// What the scripts for ccxt share: ccxt pointed at the venue under test and changed in nothing
// else, tests that are told by their names, waiting with a deadline, and numbers without floats.
// front_door.py starts the venue and says by the environment where it is.
import ccxt from 'ccxt';

const PATIENCE = 30_000;
const KEYS = JSON.parse(process.env.MILETUS_KEYS);

export class Wrong extends Error {}

export function need(condition, sentence) {
    if (!condition) {
        throw new Wrong(sentence);
    }
}

export function same(got, wanted, what) {
    const [left, right] = [got, wanted].map((value) => JSON.stringify(value, written));
    need(left === right, `${what}: ${left}, not ${right}`);
}

function written(_, value) {
    return typeof value === 'bigint' ? value.toString() : value;
}

// An exchange of ccxt; of nobody, where no name is given.
export async function exchange(name, { isTls = false, ...more } = {}) {
    const rest = isTls ? process.env.MILETUS_REST_TLS : process.env.MILETUS_REST;
    const ws = isTls ? process.env.MILETUS_SOCKET_TLS : process.env.MILETUS_SOCKET;
    const key = name === undefined ? {} : { apiKey: KEYS[name].id, secret: KEYS[name].secret };
    const made = new ccxt.pro.deribit({ ...key, urls: { api: { rest, ws } }, ...more });
    if (!isTls) {
        await made.loadHttpProxyAgent(); // without it ccxt refuses ws://
    }
    return made;
}

export async function within(promise, what, milliseconds = PATIENCE) {
    let timer;
    const late = new Promise((_, reject) => {
        timer = setTimeout(() => reject(new Wrong(`no ${what} in time`)), milliseconds);
    });
    try {
        return await Promise.race([promise, late]);
    } finally {
        clearTimeout(timer);
    }
}

// Does something again and again until a promise is kept; `seconds` between two times.
export async function meanwhile(promise, act, what, seconds = 0.5) {
    let isKept = false;
    const kept = promise.finally(() => (isKept = true));
    kept.catch(() => {}); // told below
    const deadline = Date.now() + PATIENCE;
    while (!isKept) {
        need(Date.now() < deadline, `no ${what} in time`);
        await act();
        await Promise.race([kept, new Promise((wake) => setTimeout(wake, seconds * 1000))]);
    }
    return kept;
}

// The error of a call that must fail, which must be of this class of ccxt's and no other.
export async function refusal(call, Class, what) {
    try {
        await call();
    } catch (error) {
        need(error.constructor === Class, `${what}: ${error.constructor.name} ${error.message}`);
        return error;
    }
    throw new Wrong(`${what}: not refused`);
}

// A decimal number, as text or as JSON brought it, in units of 10^-decimals.
export function units(value, decimals) {
    const [digits, power = '0'] = String(value).toLowerCase().split('e');
    const [whole, parts = ''] = digits.split('.');
    const shift = decimals + Number(power) - parts.length;
    const all = BigInt(whole + parts);
    if (shift >= 0) {
        return all * 10n ** BigInt(shift);
    }
    const divisor = 10n ** BigInt(-shift);
    need(all % divisor === 0n, `${value} has more than ${decimals} decimals`);
    return all / divisor;
}

export async function run(tests) {
    const chosen = process.argv.slice(2);
    let failures = 0;
    for (const test of tests) {
        if (chosen.length > 0 && !chosen.includes(test.name)) {
            continue;
        }
        const begun = Date.now();
        let verdict = 'ok';
        try {
            await test();
        } catch (error) {
            failures += 1;
            verdict = 'FAILED: ' + (error instanceof Wrong ? error.message : error.stack);
        }
        console.log(`${test.name}: ${verdict} (${((Date.now() - begun) / 1000).toFixed(1)} s)`);
    }
    process.exit(failures === 0 ? 0 : 1);
}

export { ccxt };
