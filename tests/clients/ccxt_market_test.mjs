// ccxt from npm in the market that `miletus serve --demo` makes: what it reads, over HTTP and over
// WebSockets, plain and with TLS, and the orders of one trader among the makers.
import { ccxt, exchange, meanwhile, need, refusal, run, same, within } from './harness.mjs';

const SWAP = 'BTC/USDC:USDC';
const SWAPS = [SWAP, 'ETH/USDC:USDC'];
const anybody = await exchange();
const trader = await exchange('practice');

// So many times the least amount that may be traded, without a float's last digits.
function amount(times) {
    return Number((trader.market(SWAP).limits.amount.min * times).toFixed(8));
}

function of(kind) {
    return Object.values(anybody.markets).filter((market) => market[kind] && market.base === 'BTC');
}

// A call whose strike is next to the index, of the last expiry.
async function atTheMoney() {
    const index = (await anybody.fetchTicker(SWAP)).indexPrice;
    const last = Math.max(...of('option').map((market) => market.expiry));
    const calls = of('option').filter((m) => m.expiry === last && m.optionType === 'call');
    calls.sort((a, b) => Math.abs(a.strike - index) - Math.abs(b.strike - index));
    return calls[0].symbol;
}

// ---- What anybody may read ----

async function marketsAreLoaded() {
    await anybody.loadMarkets();
    await trader.loadMarkets();
    for (const base of ['BTC', 'ETH']) {
        const mine = Object.values(anybody.markets).filter((market) => market.base === base);
        same(mine.filter((market) => market.swap).length, 1, `perpetuals of ${base}`);
        need(mine.filter((market) => market.future).length >= 2, `futures of ${base}`);
        need(mine.filter((market) => market.option).length >= 4, `options of ${base}`);
    }
    for (const market of Object.values(anybody.markets)) {
        need(market.linear && !market.inverse && market.settle === 'USDC', market.id);
        need(market.active && market.contract && market.contractSize > 0, market.id);
        need(market.precision.amount > 0 && market.precision.price > 0, market.id);
        need(market.taker >= 0 && market.taker < 0.01 && market.maker < 0.01, market.id);
        need(market.expiry > Date.now() && market.created <= Date.now(), market.id);
        need(!market.option || market.strike > 0, market.id);
    }
    const ids = anybody.ids;
    same(new Set(ids).size, ids.length, 'names');
    same(anybody.market(SWAP).id, 'BTC_USDC-PERPETUAL', 'the name of the perpetual');
}

async function marketsAreLoadedByCurrencyToo() {
    const each = await exchange(undefined, {
        options: { fetchMarkets: { fetchAllMarkets: false } },
    });
    await each.loadMarkets();
    need(anybody.symbols.every((symbol) => symbol in each.markets), 'markets are missing');
}

async function timeAndStatusAreTold() {
    need(Math.abs((await anybody.fetchTime()) - Date.now()) < 5000, 'another time');
    same((await anybody.fetchStatus()).status, 'ok', 'status');
    const currencies = await anybody.fetchCurrencies();
    need(currencies.USDC && currencies.BTC && currencies.ETH, Object.keys(currencies).join());
}

function checkTicker(ticker) {
    need(Math.abs(ticker.timestamp - Date.now()) < 60_000, `${ticker.symbol} ${ticker.datetime}`);
    need(ticker.bid < ticker.ask, `${ticker.symbol}: ${ticker.bid} to ${ticker.ask}`);
    need(ticker.bidVolume > 0 && ticker.askVolume > 0, `${ticker.symbol}: no amounts`);
    const apart = Math.abs(ticker.markPrice / ticker.indexPrice - 1);
    need(apart < 0.1, `${ticker.symbol}: a mark of ${ticker.markPrice} at ${ticker.indexPrice}`);
}

async function tickersAreTold() {
    for (const symbol of SWAPS) {
        checkTicker(await anybody.fetchTicker(symbol));
    }
    const tickers = await anybody.fetchTickers(undefined, { code: 'USDC' });
    need(anybody.symbols.every((symbol) => symbol in tickers), 'tickers are missing');
    need(tickers[SWAP].markPrice > 0 && tickers[SWAP].bid > 0, 'a ticker without prices');
    const some = await anybody.fetchTickers(SWAPS.slice(0, 1));
    same(Object.keys(some), [SWAP], 'the ticker that was asked for');
}

function checkBook(book) {
    for (const [side, sign] of [[book.bids, -1], [book.asks, 1]]) {
        need(side.length > 0, 'an empty side');
        side.forEach(([price, amount], at) => {
            need(amount > 0, `nothing at ${price}`);
            need(at === 0 || sign * (price - side[at - 1][0]) > 0, `${price} is out of order`);
        });
    }
    need(book.bids[0][0] < book.asks[0][0], `${book.bids[0]} is above ${book.asks[0]}`);
}

async function booksAreToldToAnyDepth() {
    for (const depth of [undefined, 1, 5, 7, 1000]) {
        const book = await anybody.fetchOrderBook(SWAP, depth);
        checkBook(book);
        need(Number.isInteger(book.nonce) && book.timestamp > 0, 'a book without a place');
        need(depth === undefined || book.bids.length <= depth, `${book.bids.length} of ${depth}`);
    }
}

async function tradesAndCandlesAreTold() {
    const watched = await within(anybody.watchTrades(SWAP), 'trade');
    const { timestamp, id } = watched[watched.length - 1];
    const trades = await anybody.fetchTrades(SWAP, undefined, 100);
    same(new Set(trades.map((trade) => trade.id)).size, trades.length, 'ids of trades');
    need(trades.some((trade) => trade.id === id), `${id} was watched, but not fetched`);
    trades.forEach((trade, at) => {
        need(trade.price > 0 && trade.amount > 0, `${trade.id}: nothing traded`);
        need(['buy', 'sell'].includes(trade.side), `${trade.side}`);
        need(at === 0 || trade.timestamp >= trades[at - 1].timestamp, 'out of order');
    });
    const since = await anybody.fetchTrades(SWAP, timestamp, 1000);
    need(since.every((trade) => trade.timestamp >= timestamp), 'a trade from before');
    need(since.some((trade) => trade.id === id), 'the trade at that time is missing');

    const candles = await anybody.fetchOHLCV(SWAP, '1m', undefined, 10);
    need(candles.length > 0 && candles.length <= 11, `${candles.length} candles`);
    candles.forEach(([at, open, high, low, close, volume], place) => {
        need(at % 60_000 === 0 && volume >= 0, `at ${at}`);
        need(low <= Math.min(open, close) && high >= Math.max(open, close), `at ${at}`);
        need(place === 0 || at === candles[place - 1][0] + 60_000, `a hole before ${at}`);
    });
    need(candles.some((candle) => candle[5] > 0), 'nothing was traded in any of them');
    for (const timeframe of Object.keys(anybody.timeframes)) {
        need((await anybody.fetchOHLCV(SWAP, timeframe, undefined, 2)).length > 0, timeframe);
    }
}

async function optionsAreTold() {
    const symbol = await atTheMoney();
    const greeks = await anybody.fetchGreeks(symbol);
    need(greeks.delta > 0.2 && greeks.delta < 0.8, `a delta of ${greeks.delta}`);
    need(greeks.gamma > 0 && greeks.vega > 0 && greeks.theta < 0, JSON.stringify(greeks.info));
    need(greeks.markImpliedVolatility > 5 && greeks.markImpliedVolatility < 300, 'volatility');
    need(greeks.markPrice > 0 && greeks.underlyingPrice > 0, 'a price');
    const option = await anybody.fetchOption(symbol);
    same(option.symbol, symbol, 'the option');
    need(option.markPrice > 0 && option.openInterest >= 0, JSON.stringify(option.info));
    const chain = await anybody.fetchOptionChain('USDC');
    const options = anybody.symbols.filter((each) => anybody.markets[each].option);
    need(options.every((each) => each in chain), 'the chain is shorter than the list');
    const interest = await anybody.fetchOpenInterest(SWAP);
    need(interest.openInterestValue >= 0, JSON.stringify(interest.info));
}

async function fundingIsTold() {
    const now = await anybody.fetchFundingRate(SWAP);
    need(Number.isFinite(now.fundingRate) && Math.abs(now.fundingRate) < 0.05, `${now.fundingRate}`);
    const past = await anybody.fetchFundingRateHistory(SWAP);
    need(past.every((rate) => Number.isFinite(rate.fundingRate) && rate.timestamp > 0), 'a rate');
    need(Array.isArray(await anybody.fetchVolatilityHistory('BTC')), 'no volatilities');
    same(await anybody.fetchLiquidations(SWAP), [], 'liquidations');
}

// ---- One's own ----

async function balancesAndAccountsAreTold() {
    const balance = await trader.fetchBalance();
    need(balance.USDC.total > 0 && balance.USDC.free > 0, JSON.stringify(balance.USDC));
    const one = await trader.fetchBalance({ code: 'USDC' });
    // Equity moves with the index of what else the account has; the balance does not.
    const usdc = balance.info.summaries.find((summary) => summary.currency === 'USDC');
    same(one.info.balance, usdc.balance, 'the balance of one currency');
    const accounts = await trader.fetchAccounts();
    need(accounts.length >= 1 && accounts[0].id !== undefined, JSON.stringify(accounts));
    const fees = await trader.fetchTradingFees({ code: 'USDC' });
    need(fees[SWAP].taker > 0 && fees[SWAP].maker <= fees[SWAP].taker, JSON.stringify(fees[SWAP]));
    for (const call of ['fetchDeposits', 'fetchWithdrawals', 'fetchTransfers']) {
        need(Array.isArray(await trader[call]('USDC')), call);
    }
    same(await trader.fetchMyLiquidations(SWAP), [], 'liquidations');
}

async function aLimitRestsIsEditedAndCanceled() {
    const price = (await trader.fetchTicker(SWAP)).bid * 0.98;
    const placed = await trader.createOrder(SWAP, 'limit', 'buy', amount(3), price, {
        label: 'rests & waits',
    });
    same([placed.status, placed.side, placed.type], ['open', 'buy', 'limit'], 'the order');
    same([placed.amount, placed.filled], [amount(3), 0], 'its amounts');
    const edited = await trader.editOrder(placed.id, SWAP, 'limit', 'buy', amount(2), price);
    same([edited.id, edited.amount], [placed.id, amount(2)], 'the order, edited');
    same((await trader.fetchOrder(placed.id)).info.label, 'rests & waits', 'its label');
    const open = await trader.fetchOpenOrders(SWAP);
    same(open.map((order) => order.id), [placed.id], 'open orders');
    const all = await trader.fetchOpenOrders(undefined, undefined, undefined, { code: 'USDC' });
    same(all.map((order) => order.id), [placed.id], 'open orders of a currency');
    same((await trader.cancelOrder(placed.id)).status, 'canceled', 'the order');
    // As on Deribit, orders that never traded are history for those only who ask for them.
    const closed = await trader.fetchClosedOrders(SWAP);
    need(!closed.some((order) => order.id === placed.id), 'among those that traded');
    const unfilled = await trader.fetchClosedOrders(SWAP, undefined, 10, {
        include_unfilled: true,
    });
    need(unfilled.some((order) => order.id === placed.id), 'not among the closed');
    same((await trader.fetchOrder(placed.id)).status, 'canceled', 'the order, later');
    await refusal(() => trader.cancelOrder(placed.id), ccxt.OrderNotFound, 'a second cancel');
}

async function aMarketOrderTradesAndAReducingOneEndsThePosition() {
    const bought = await trader.createOrder(SWAP, 'market', 'buy', amount(5));
    same([bought.status, bought.filled, bought.type], ['closed', amount(5), 'market'], 'the order');
    need(bought.price === undefined || bought.price === bought.average, `at ${bought.price}`);
    const position = await trader.fetchPosition(SWAP);
    same([position.side, position.contracts], ['long', amount(5)], 'the position');
    need(position.entryPrice > 0 && position.initialMargin > 0, JSON.stringify(position.info));
    const positions = await trader.fetchPositions();
    need(positions.some((each) => each.symbol === SWAP), 'not among the positions');
    const mine = await trader.fetchOrderTrades(bought.id);
    same(Number(mine.reduce((sum, trade) => sum + trade.amount, 0).toFixed(8)), amount(5),
        'what was traded');
    need(mine.every((trade) => trade.takerOrMaker === 'taker' && trade.fee.currency === 'USDC'),
        JSON.stringify(mine.map((trade) => trade.info)));
    for (const trades of [
        await trader.fetchMyTrades(SWAP),
        await trader.fetchMyTrades(SWAP, bought.timestamp - 1),
        await trader.fetchMyTrades(undefined, undefined, undefined, { code: 'USDC' }),
        await trader.fetchMyTrades(undefined, bought.timestamp - 1, 100, { code: 'USDC' }),
    ]) {
        need(trades.some((trade) => trade.order === bought.id), 'not among my trades');
    }
    const ended = await trader.createOrder(SWAP, 'market', 'sell', amount(6), undefined, {
        reduceOnly: true,
    });
    same([ended.amount, ended.filled], [amount(5), amount(5)], 'what a reducing order was cut to');
    await refusal(
        () => trader.createOrder(SWAP, 'market', 'sell', amount(1), undefined, { reduceOnly: true }),
        ccxt.InvalidOrder, 'one that finds nothing to reduce');
    const traded = await trader.fetchClosedOrders(SWAP);
    need(traded.some((order) => order.id === ended.id && order.status === 'closed'), 'no history');
    same((await trader.fetchPosition(SWAP)).contracts, 0, 'the position');
}

async function ordersRestOnlyOrNeverOrWholly() {
    const { ask, bid } = await trader.fetchTicker(SWAP);
    await refusal(
        () => trader.createOrder(SWAP, 'limit', 'buy', amount(1), ask * 1.01, { postOnly: true }),
        ccxt.InvalidOrder, 'one that must rest and would take');
    const rests = await trader.createOrder(SWAP, 'limit', 'buy', amount(1), bid * 0.98, {
        postOnly: true,
    });
    same([rests.status, rests.postOnly], ['open', true], 'one that may only rest');
    await trader.cancelOrder(rests.id);
    const gone = await trader.createOrder(SWAP, 'limit', 'buy', amount(1), bid * 0.98, {
        timeInForce: 'IOC',
    });
    same([gone.status, gone.filled, gone.timeInForce], ['canceled', 0, 'IOC'], 'one of now');
}

async function stopsAndTakesWait() {
    const mark = (await trader.fetchTicker(SWAP)).markPrice;
    const trigger = { trigger: 'mark_price' };
    const waiting = [];
    for (const [type, price, more] of [
        ['market', undefined, { stopLossPrice: mark * 0.9 }],
        ['limit', mark * 0.89, { stopLossPrice: mark * 0.9 }],
        ['market', undefined, { takeProfitPrice: mark * 1.1 }],
        ['limit', mark * 1.11, { takeProfitPrice: mark * 1.1 }],
    ]) {
        const order = await trader.createOrder(SWAP, type, 'sell', amount(1), price, {
            ...trigger,
            ...more,
        });
        const wanted = more.stopLossPrice ?? more.takeProfitPrice;
        same([order.status, order.type, order.info.order_state], ['open', type, 'untriggered'],
            'an order that waits');
        need(Math.abs(order.triggerPrice / wanted - 1) < 1e-3, `${order.triggerPrice}`);
        need(type === 'limit' || order.info.price === 'market_price', `${order.info.price}`);
        waiting.push(order.id);
    }
    const open = await trader.fetchOpenOrders(SWAP);
    same(open.map((order) => order.id).sort(), [...waiting].sort(), 'orders that wait');
    same((await trader.cancelOrder(waiting[0])).status, 'canceled', 'one that waited');
    await trader.cancelAllOrders(SWAP);
    same(await trader.fetchOpenOrders(SWAP), [], 'after cancelAllOrders(symbol)');
}

async function allOrdersAreCanceledAtOnce() {
    const price = (await trader.fetchTicker(SWAP)).bid * 0.98;
    for (let at = 0; at < 3; ++at) {
        await trader.createOrder(SWAP, 'limit', 'buy', amount(1), price);
    }
    const [answer] = await trader.cancelAllOrders();
    same(answer.info.result, 3, 'canceled orders');
    same(await trader.fetchOpenOrders(SWAP), [], 'open orders');
}

// ---- Watching ----

async function marketsAreWatched() {
    checkTicker(await within(anybody.watchTicker(SWAP), 'ticker'));
    const tickers = await within(anybody.watchTickers(SWAPS), 'tickers');
    need(SWAPS.includes(Object.keys(tickers)[0]), 'another ticker');
    const quotes = await within(anybody.watchBidsAsks([SWAP]), 'quote');
    need(quotes[SWAP].bid < quotes[SWAP].ask, 'a quote upside down');
    const candles = await within(anybody.watchOHLCV(SWAP, '1m'), 'candle');
    const [at, open, high, low, close] = candles[candles.length - 1];
    need(at % 60_000 === 0 && low <= Math.min(open, close) && high >= Math.max(open, close), 'candle');
    const trades = await within(anybody.watchTrades(SWAP), 'trade');
    need(trades[0].price > 0 && trades[0].symbol === SWAP, 'a trade');
}

async function aWatchedBookIsTheBook() {
    for (let at = 0; at < 20; ++at) {
        checkBook(await within(anybody.watchOrderBook(SWAP), 'book'));
    }
    const watched = await within(anybody.watchOrderBook(SWAP), 'book');
    const fetched = await anybody.fetchOrderBook(SWAP, 1000);
    // Both move; most of the levels of two moments are the same.
    const prices = new Set(fetched.bids.map(([price]) => price));
    const shared = watched.bids.filter(([price]) => prices.has(price)).length;
    need(shared * 2 > watched.bids.length, `${shared} of ${watched.bids.length} levels shared`);
    const raw = await within(trader.watchOrderBook(SWAP, undefined, { interval: 'raw' }), 'book');
    checkBook(raw);
}

async function ordersTradesAndBalancesAreWatched() {
    const price = (await trader.fetchTicker(SWAP)).bid * 0.98;
    const placed = new Set();
    const rest = async () => {
        const order = await trader.createOrder(SWAP, 'limit', 'buy', amount(1), price);
        placed.add(order.id);
        await trader.cancelOrder(order.id);
    };
    const orders = await meanwhile(trader.watchOrders(SWAP), rest, 'order watched');
    need(orders.every((order) => placed.has(order.id)), 'orders of others');
    const trade = async () => {
        placed.add((await trader.createOrder(SWAP, 'market', 'buy', amount(1))).id);
    };
    const trades = await meanwhile(trader.watchMyTrades(SWAP), trade, 'trade watched');
    need(trades.every((each) => placed.has(each.order)), 'trades of others');
    const balance = await within(trader.watchBalance(), 'balance');
    need(Object.keys(balance).length > 0, 'an empty balance');
    const { contracts } = await trader.fetchPosition(SWAP);
    await trader.createOrder(SWAP, 'market', 'sell', contracts, undefined, { reduceOnly: true });
}

async function everythingWorksOverTls() {
    const safe = await exchange('practice', { isTls: true });
    await safe.loadMarkets();
    need(anybody.symbols.every((symbol) => symbol in safe.markets), 'markets are missing');
    const price = (await safe.fetchTicker(SWAP)).bid * 0.98;
    checkBook(await within(safe.watchOrderBook(SWAP), 'book'));
    const rest = async () => {
        const order = await safe.createOrder(SWAP, 'limit', 'buy', amount(1), price);
        await safe.cancelOrder(order.id);
    };
    const orders = await meanwhile(safe.watchOrders(SWAP), rest, 'order watched');
    same(orders[0].symbol, SWAP, 'an order');
    need((await safe.fetchBalance()).USDC.total > 0, 'no balance');
    await safe.close();
}

await run([
    marketsAreLoaded,
    marketsAreLoadedByCurrencyToo,
    timeAndStatusAreTold,
    tickersAreTold,
    booksAreToldToAnyDepth,
    tradesAndCandlesAreTold,
    optionsAreTold,
    fundingIsTold,
    balancesAndAccountsAreTold,
    aLimitRestsIsEditedAndCanceled,
    aMarketOrderTradesAndAReducingOneEndsThePosition,
    ordersRestOnlyOrNeverOrWholly,
    stopsAndTakesWait,
    allOrdersAreCanceledAtOnce,
    marketsAreWatched,
    aWatchedBookIsTheBook,
    ordersTradesAndBalancesAreWatched,
    everythingWorksOverTls,
]);
