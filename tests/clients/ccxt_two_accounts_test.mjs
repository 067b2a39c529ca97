// Two traders with ccxt and nobody else: they trade with each other until every balance, position
// and fee is what integers say that it must be, to the last unit. And every refusal that they meet
// is one of ccxt's own errors.
import { ccxt, exchange, meanwhile, need, refusal, run, same, units, within } from './harness.mjs';

const SWAP = 'BTC/USDC:USDC';
const ID = 'BTC_USDC-PERPETUAL';
const INDEX = 100_000;
const TICK = 0.5;
const ROUNDS = 60;
const MILLION = 1_000_000n;

const fast = { enableRateLimit: false };
const [ada, ben] = [await exchange('ada', fast), await exchange('ben', fast)];
await Promise.all([ada.loadMarkets(), ben.loadMarkets()]);
const market = ada.market(SWAP);
const rates = {
    M: units(market.info.maker_commission, 6),
    T: units(market.info.taker_commission, 6),
};
const LOT = units(market.precision.amount, 8); // in 10^-8 of the coin
const size = (lots) => Number(lots * LOT) / 1e8;

// ---- What integers say ----

function floorDivide(value, divisor) {
    const quotient = value / divisor;
    return value % divisor !== 0n && value < 0n !== divisor < 0n ? quotient - 1n : quotient;
}

function magnitude(value) {
    return value < 0n ? -value : value;
}

// Money is in 10^-6 of a USDC, a position in lots, its cost what was paid for it less received.
class Books {
    lots = 0n;
    cost = 0n;
    result = 0n;
    paid = 0n; // in fees
    owed = new Map(); // by order: [exact, in millionths; paid]
    trades = 0;

    // A trade as the venue told it; its fee must be what the order owes more than it paid before.
    take({ info }) {
        const lots = units(info.amount, 8) / LOT;
        const value = (units(info.price, 6) * units(info.amount, 8)) / 10n ** 8n;
        const [exact, paid] = this.owed.get(info.order_id) ?? [0n, 0n];
        const owed = exact + value * rates[info.liquidity];
        const fee = -floorDivide(-owed, MILLION) - paid;
        same(units(info.fee, 6), fee, `the fee of ${info.trade_id}`);
        this.owed.set(info.order_id, [owed, paid + fee]);
        this.paid += fee;
        const sign = info.direction === 'buy' ? 1n : -1n;
        const brought = this.turn(sign * lots, sign * value);
        same(units(info.profit_loss ?? 0, 6), brought, `what ${info.trade_id} brought`);
        this.trades += 1;
    }

    // What closing brought: shares of value and cost are rounded down.
    turn(lots, value) {
        if (this.lots * lots >= 0n) {
            this.lots += lots;
            this.cost += value;
            return 0n;
        }
        const [all, held] = [magnitude(lots), magnitude(this.lots)];
        const closed = all < held ? all : held;
        const valueShare = floorDivide(value * closed, all);
        const costShare = floorDivide(this.cost * closed, held);
        this.cost += value - valueShare - costShare;
        this.lots += lots;
        this.result -= valueShare + costShare;
        return -valueShare - costShare;
    }
}

async function account(of) {
    const { info } = await of.fetchBalance();
    const told = info.summaries.find((summary) => summary.currency === 'USDC');
    return Object.fromEntries(
        ['balance', 'equity', 'session_rpl', 'session_upl'].map((name) => [
            name,
            units(told[name], 6),
        ]),
    );
}

async function checkAccount(of, books, start, who) {
    const position = await of.fetchPosition(SWAP);
    same(units(position.info.size, 8) / LOT, books.lots, `${who}'s position`);
    if (books.lots !== 0n) {
        const value = (books.lots * LOT * units(position.info.mark_price, 6)) / 10n ** 8n;
        same(units(position.info.floating_profit_loss, 6), value - books.cost,
            `${who}'s result at the mark ${position.info.mark_price}`);
        const average = Number(books.cost) / Number(books.lots * LOT) / 1e-2;
        need(Math.abs(position.entryPrice / average - 1) < 1e-9, `${who}: ${position.entryPrice}`);
        same(position.side, books.lots > 0n ? 'long' : 'short', `${who}'s side`);
    }
    const told = await account(of);
    same(told.balance, start.balance - books.paid, `${who}'s balance`);
    same(told.session_rpl, start.session_rpl + books.result, `${who}'s result`);
    same(told.equity, told.balance + told.session_rpl + told.session_upl, `${who}'s equity`);
}

// ---- Trading ----

function random(seed) {
    let state = BigInt(seed);
    return (below) => {
        state = (state * 6364136223846793005n + 1442695040888963407n) & ((1n << 64n) - 1n);
        return Number((state >> 33n) % BigInt(below));
    };
}

async function trade(chance, maker, taker) {
    const side = chance(2) === 0 ? 'buy' : 'sell';
    const other = side === 'buy' ? 'sell' : 'buy';
    const price = INDEX + (chance(41) - 20) * TICK;
    const lots = 1 + chance(97);
    const resting = await maker.createOrder(SWAP, 'limit', side, size(BigInt(lots)), price);
    same(resting.status, 'open', 'the order that rests');
    const traded = [];
    for (let left = lots; left > 0 && chance(8) !== 0; ) {
        const some = 1 + chance(left + 3); // sometimes more than is there
        const isMarket = chance(3) === 0;
        const taken = await taker.createOrder(
            SWAP, isMarket ? 'market' : 'limit', other, size(BigInt(some)),
            isMarket ? undefined : price, isMarket ? {} : { timeInForce: 'IOC' });
        const filled = Math.min(some, left);
        same(taken.filled, size(BigInt(filled)), 'what was filled');
        traded.push(...taken.trades.map((each) => each.id));
        left -= filled;
    }
    const { status } = await maker.fetchOrder(resting.id);
    if (status === 'open') {
        await maker.cancelOrder(resting.id);
    }
    return traded;
}

// In the order in which they happened: their times may be the same.
function inOrder(trades) {
    return trades.sort((left, right) => left.info.trade_seq - right.info.trade_seq);
}

async function newTrades(of, books) {
    return inOrder(await of.fetchMyTrades(SWAP, undefined, 1000)).slice(books.trades);
}

async function bothReconcileToTheLastUnit() {
    const chance = random(20261122);
    const both = [
        { of: ada, books: new Books(), start: await account(ada), who: 'ada' },
        { of: ben, books: new Books(), start: await account(ben), who: 'ben' },
    ];
    const ids = [];
    for (let round = 1; round <= ROUNDS; ++round) {
        const [maker, taker] = round % 2 === 0 ? [ada, ben] : [ben, ada];
        ids.push(...(await trade(chance, maker, taker)));
        if (round % 20 === 0) {
            for (const { of, books, start, who } of both) {
                (await newTrades(of, books)).forEach((each) => books.take(each));
                await checkAccount(of, books, start, who);
            }
        }
    }
    need(ids.length > ROUNDS / 2, `only ${ids.length} trades`);
    await comparePairs(ids);
    need(both[0].books.lots === -both[1].books.lots, 'positions do not add up to nothing');
    await flatten(both);
}

// Each trade has two sides, and its number follows the last one's.
async function comparePairs(ids) {
    const [mine, yours] = await Promise.all(
        [ada, ben].map(async (of) => inOrder(await of.fetchMyTrades(SWAP, undefined, 1000))));
    same(mine.map((each) => each.id), ids, 'the trades of one');
    same(yours.map((each) => each.id), ids, 'the trades of the other');
    mine.forEach(({ info }, at) => {
        const other = yours[at].info;
        for (const field of ['price', 'amount', 'timestamp', 'trade_seq', 'mark_price']) {
            same(info[field], other[field], `${field} of ${info.trade_id}`);
        }
        need(info.direction !== other.direction, `${info.trade_id} on one side twice`);
        need(info.liquidity !== other.liquidity, `${info.trade_id} of one kind twice`);
        const last = mine[at - 1]?.info.trade_seq ?? info.trade_seq - 1;
        same(info.trade_seq, last + 1, 'the number of a trade');
    });
    const told = inOrder(await ada.fetchTrades(SWAP, undefined, 1000));
    same(told.map((each) => each.id), ids, 'the trades that everybody sees');
}

// The one closes what the other closes: all that is left are results and fees.
async function flatten(both) {
    const [{ books }] = both;
    const [long, short] = books.lots > 0n ? [ada, ben] : [ben, ada];
    if (books.lots !== 0n) {
        const amount = size(magnitude(books.lots));
        await short.createOrder(SWAP, 'limit', 'buy', amount, INDEX, { reduceOnly: true });
        await long.createOrder(SWAP, 'market', 'sell', amount, undefined, { reduceOnly: true });
    }
    let left = 0n;
    for (const { of, books: mine, start, who } of both) {
        (await newTrades(of, mine)).forEach((each) => mine.take(each));
        same(mine.lots, 0n, `${who}'s position`);
        await checkAccount(of, mine, start, who);
        left += (await account(of)).equity - start.equity + mine.paid;
    }
    same(left, 0n, 'what appeared or vanished');
}

// ---- Watching ----

async function bothWatchWhatTheyDo() {
    const act = async () => {
        await ada.createOrder(SWAP, 'limit', 'buy', size(3n), INDEX);
        await ben.createOrder(SWAP, 'limit', 'sell', size(3n), INDEX);
    };
    const watched = {
        orders: ada.watchOrders(SWAP),
        mine: ben.watchMyTrades(SWAP),
        trades: ada.watchTrades(SWAP),
        candles: ada.watchOHLCV(SWAP, '1m'),
        book: ben.watchOrderBook(SWAP),
    };
    const all = Promise.all(Object.values(watched));
    const [orders, mine, trades] = await meanwhile(all, act, 'news of all channels');
    need(orders.every((order) => order.symbol === SWAP), 'another market');
    need(mine.every((each) => each.side === 'sell' && each.fee.cost > 0), 'no trades of mine');
    need(trades.every((each) => each.price === INDEX), 'another price');
    // The balance of after a trade comes by itself.
    const told = async () => units((await within(ada.watchBalance(), 'balance')).info.balance, 6);
    const before = (await account(ada)).balance;
    await act();
    const wanted = (await account(ada)).balance;
    need(wanted < before, 'a trade without a fee');
    for (let times = 0; (await told()) !== wanted; ++times) {
        need(times < 100, 'the balance is never told');
    }
}

// ---- Errors of ccxt's own ----

async function everyRefusalIsOneOfItsErrors() {
    const far = INDEX / 2;
    const order = (type, amount, price, more) => () =>
        ada.createOrder(SWAP, type, 'buy', amount, price, more);
    const raw = { instrument_name: ID, amount: '0.0010', type: 'limit', price: String(INDEX - 50) };
    const cases = [
        ['more than one has', ccxt.InsufficientFunds, order('limit', 900, INDEX - 100)],
        ['a price off the tick', ccxt.InvalidOrder, () =>
            ada.privateGetBuy({ ...raw, price: '99999.7' })],
        ['half a lot', ccxt.BadRequest, () => ada.privateGetBuy({ ...raw, amount: '0.00015' })],
        ['nothing', ccxt.BadRequest, () => ada.privateGetBuy({ ...raw, amount: '0' })],
        ['too high a price', ccxt.InvalidOrder, order('limit', size(1n), INDEX * 10)],
        ['no such order', ccxt.OrderNotFound, () => ada.cancelOrder('USDC-123456789')],
        ['no order id', ccxt.OrderNotFound, () => ada.fetchOrder('USDC-123456789')],
        ['an edit of none', ccxt.OrderNotFound, () =>
            ada.editOrder('USDC-123456789', SWAP, 'limit', 'buy', size(1n), far)],
        ['no such instrument', ccxt.BadRequest, () => ada.publicGetTicker({ instrument_name: 'X' })],
        ['no instrument', ccxt.BadRequest, () => ada.publicGetTicker({})],
        ['no direction', ccxt.BadRequest, () => ada.privateGetBuy({ ...raw, type: 'sideways' })],
        ['what is not made', ccxt.NotSupported, () => ada.privateGetCreateSubaccount({})],
    ];
    for (const [what, Class, call] of cases) {
        await refusal(call, Class, what);
    }
    const others = await ben.createOrder(SWAP, 'limit', 'buy', size(1n), INDEX - 100);
    await refusal(() => ada.cancelOrder(others.id), ccxt.OrderNotFound, "another's order");
    await ben.cancelOrder(others.id);
    const wrong = await exchange('ada', { ...fast, secret: 'wrong' });
    await refusal(() => wrong.fetchBalance(), ccxt.AuthenticationError, 'a wrong secret');
    const unknown = await exchange('ada', { ...fast, apiKey: 'nobody' });
    await refusal(() => unknown.fetchBalance(), ccxt.AuthenticationError, 'an unknown key');
    const elsewhere = await exchange('ada_elsewhere', fast);
    await refusal(() => elsewhere.fetchBalance(), ccxt.AuthenticationError, 'another address');
    const reads = await exchange('ada_reads', fast);
    await reads.fetchBalance();
    await refusal(() => reads.createOrder(SWAP, 'limit', 'buy', size(1n), far),
        ccxt.PermissionDenied, 'a key that only reads');
    await refusal(() => reads.cancelAllOrders(), ccxt.PermissionDenied, 'a cancel of such a key');
    same(await ada.fetchOpenOrders(SWAP), [], 'orders that were refused and rest');
}

await run([bothReconcileToTheLastUnit, bothWatchWhatTheyDo, everyRefusalIsOneOfItsErrors]);
