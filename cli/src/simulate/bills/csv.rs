//! The text of a bill: UTF-8 with a byte order mark, `\r\n`, every cell behind a backtick, amounts in yuan, and two lines of
//! totals at the end (protocol.md §1.11).

use crate::simulate::book::{Book, Order, PAYER};
use crate::simulate::refunds::Refund;
use crate::simulate::{Sim, clock};
use serde_json::Value;

/// Parts of a thousand that the simulator takes of a payment.
const FEE_PER_MILLE: i64 = 6;
const RATE: &str = "0.60%";

/// Which rows a trade bill has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    All,
    Success,
    Refund,
}

fn yuan(fen: i64) -> String {
    let sign = if fen < 0 { "-" } else { "" };
    let fen = fen.unsigned_abs();
    format!("{sign}{}.{:02}", fen / 100, fen % 100)
}

/// Rounded half up, as a bill shows it.
fn fee(fen: i64) -> i64 {
    (fen.saturating_mul(FEE_PER_MILLE) + 500) / 1000
}

struct Csv(String);

impl Csv {
    fn new(header: &str) -> Self {
        Self(format!("\u{feff}{header}\r\n"))
    }

    /// A comma may stand inside a cell, because the next one begins with a backtick; a line end or a backtick may not.
    fn row<'a>(&mut self, cells: impl IntoIterator<Item = &'a str>) {
        let cells: Vec<String> = cells
            .into_iter()
            .map(|cell| format!("`{}", cell.replace(['\r', '\n'], " ").replace('`', "'")))
            .collect();
        self.0.push_str(&cells.join(","));
        self.0.push_str("\r\n");
    }

    fn header(&mut self, header: &str) {
        self.0.push_str(header);
        self.0.push_str("\r\n");
    }
}

/// A payment or refund of one day, in the order of time.
enum Event<'a> {
    Paid(&'a str, &'a Order, &'a str, i64),
    Refunded(&'a str, &'a Refund, &'a Order),
}

impl Event<'_> {
    fn time(&self) -> i64 {
        match self {
            Self::Paid(_, _, _, time) => *time,
            Self::Refunded(_, refund, _) => refund.time,
        }
    }
}

fn events<'a>(book: &'a Book, date: &str) -> Vec<Event<'a>> {
    let paid = book.orders.iter().filter_map(|(number, order)| {
        let (transaction_id, time) = order.paid.as_ref()?;
        Some(Event::Paid(number, order, transaction_id, *time))
    });
    let refunded = book.refunds.iter().filter_map(|(number, refund)| {
        let order = book.orders.get(&refund.out_trade_no)?;
        Some(Event::Refunded(number, refund, order))
    });
    let mut events: Vec<_> = paid
        .chain(refunded)
        .filter(|event| clock::date(event.time()) == date)
        .collect();
    events.sort_by(|a, b| {
        let number = |event: &Event<'_>| match event {
            Event::Paid(number, ..) => (0, (*number).to_owned()),
            Event::Refunded(number, ..) => (1, (*number).to_owned()),
        };
        (a.time(), number(a)).cmp(&(b.time(), number(b)))
    });
    events
}

fn text<'a>(value: &'a Value, pointer: &str) -> &'a str {
    value.pointer(pointer).and_then(Value::as_str).unwrap_or("")
}

/// The trade bill of a day (`20180608`); None when nothing happened on it.
pub fn trade_bill(sim: &Sim, date: &str, kind: Kind) -> Option<String> {
    let book = sim.book();
    let events = events(&book, date).into_iter().filter(|event| match kind {
        Kind::All => true,
        Kind::Success => matches!(event, Event::Paid(..)),
        Kind::Refund => matches!(event, Event::Refunded(..)),
    });
    let header = match kind {
        Kind::All => {
            "交易时间,公众账号ID,商户号,特约商户号,设备号,微信订单号,商户订单号,用户标识,交易类型,交易状态,付款银行,货币种类,应结订单金额,代金券金额,微信退款单号,商户退款单号,退款金额,充值券退款金额,退款类型,退款状态,商品名称,商户数据包,手续费,费率,订单金额,申请退款金额,费率备注"
        }
        Kind::Success => {
            "交易时间,公众账号ID,商户号,特约商户号,设备号,微信订单号,商户订单号,用户标识,交易类型,交易状态,付款银行,货币种类,应结订单金额,代金券金额,商品名称,商户数据包,手续费,费率,订单金额,费率备注"
        }
        Kind::Refund => {
            "交易时间,公众账号ID,商户号,特约商户号,设备号,微信订单号,商户订单号,用户标识,交易类型,交易状态,付款银行,货币种类,应结订单金额,代金券金额,退款申请时间,退款成功时间,微信退款单号,商户退款单号,退款金额,充值券退款金额,退款类型,退款状态,商品名称,商户数据包,手续费,费率,订单金额,申请退款金额,费率备注"
        }
    };
    let mut csv = Csv::new(header);
    let (mut count, mut paid, mut refunded, mut fees) = (0, 0, 0, 0);
    for event in events {
        count += 1;
        let (order, total, number, transaction_id, state, fen, refund) = match &event {
            Event::Paid(number, order, transaction_id, _) => {
                paid += order.total;
                (
                    *order,
                    order.total,
                    *number,
                    *transaction_id,
                    "SUCCESS",
                    fee(order.total),
                    None,
                )
            }
            Event::Refunded(number, refund, order) => {
                refunded += refund.fen;
                let id = text(&refund.answer, "/transaction_id");
                let back = -fee(refund.fen);
                (
                    *order,
                    0,
                    refund.out_trade_no.as_str(),
                    id,
                    "REFUND",
                    back,
                    Some((*number, *refund)),
                )
            }
        };
        fees += fen;
        let request = &order.request;
        let openid = match text(request, "/payer/openid") {
            "" => PAYER,
            openid => openid,
        };
        let mut cells: Vec<String> = [
            &clock::plain(event.time()),
            &sim.identity.appid,
            &sim.identity.mchid,
            "0",
            "",
            transaction_id,
            number,
            openid,
            order.trade_type,
            state,
            "OTHERS",
            "CNY",
            &yuan(total),
            "0.00",
        ]
        .map(str::to_owned)
        .into();
        let mut put = |cell: &str| cells.push(cell.to_owned());
        if kind == Kind::Refund {
            put(&clock::plain(event.time()));
            put(&clock::plain(event.time()));
        }
        let asked = refund.map_or(0, |(_, refund)| refund.fen);
        if kind != Kind::Success {
            let (number, id) = refund.map_or(("0", "0"), |(number, refund)| {
                (number, text(&refund.answer, "/refund_id"))
            });
            let (way, state) = refund.map_or(("", ""), |_| ("ORIGINAL", "SUCCESS"));
            put(id);
            put(number);
            put(&yuan(asked));
            put("0.00");
            put(way);
            put(state);
        }
        put(text(request, "/description"));
        put(text(request, "/attach"));
        put(&yuan(fen));
        put(RATE);
        put(&yuan(total));
        if kind != Kind::Success {
            put(&yuan(asked));
        }
        put("");
        csv.row(cells.iter().map(String::as_str));
    }
    if count == 0 {
        return None;
    }
    csv.header("总交易单数,应结订单总金额,退款总金额,充值券退款总金额,手续费总金额,订单总金额,申请退款总金额");
    let totals = [
        count.to_string(),
        yuan(paid),
        yuan(refunded),
        "0.00".to_owned(),
        yuan(fees),
        yuan(paid),
        yuan(refunded),
    ];
    csv.row(totals.iter().map(String::as_str));
    Some(csv.0)
}

/// The fund flow bill of a day: each payment, its fee, each refund, and the balance after it.
pub fn fund_flow_bill(sim: &Sim, date: &str) -> Option<String> {
    let book = sim.book();
    let mut csv = Csv::new(
        "记账时间,微信支付业务单号,资金流水单号,业务名称,业务类型,收支类型,收支金额(元),账户结余(元),资金变更提交申请人,备注,业务凭证号",
    );
    let (mut income, mut spent, mut balance) = ((0, 0), (0, 0), 0);
    let mut flow = |time: i64, id: &str, name: &str, fen: i64, number: &str| {
        let (direction, sum) = if fen < 0 {
            ("支出", &mut spent)
        } else {
            ("收入", &mut income)
        };
        *sum = (sum.0 + 1, sum.1 + fen.abs());
        balance += fen;
        let amount = yuan(fen.abs());
        let (time, left) = (clock::plain(time), yuan(balance));
        csv.row([
            &time, id, id, name, name, direction, &amount, &left, "system", "", number,
        ]);
    };
    for event in events(&book, date) {
        match event {
            Event::Paid(number, order, id, time) => {
                flow(time, id, "交易", order.total, number);
                if fee(order.total) > 0 {
                    flow(time, id, "扣除交易手续费", -fee(order.total), number);
                }
            }
            Event::Refunded(number, refund, _) => {
                let id = text(&refund.answer, "/refund_id");
                flow(refund.time, id, "退款", -refund.fen, number);
            }
        }
    }
    if income.0 + spent.0 == 0 {
        return None;
    }
    csv.header("资金流水总笔数,收入笔数,收入金额,支出笔数,支出金额");
    let totals = [
        (income.0 + spent.0).to_string(),
        income.0.to_string(),
        yuan(income.1),
        spent.0.to_string(),
        yuan(spent.1),
    ];
    csv.row(totals.iter().map(String::as_str));
    Some(csv.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_written_in_yuan_with_two_decimals() {
        for (fen, text) in [
            (0, "0.00"),
            (1, "0.01"),
            (100, "1.00"),
            (12_345, "123.45"),
            (-7, "-0.07"),
            (-100, "-1.00"),
        ] {
            assert_eq!(yuan(fen), text);
        }
        assert_eq!((fee(100), fee(83), fee(84), fee(10_000)), (1, 0, 1, 60));
    }

    #[test]
    fn a_cell_cannot_become_two() {
        let mut csv = Csv::new("a,b");
        csv.row(["x,`y\r\nz", ""]);
        assert_eq!(csv.0, "\u{feff}a,b\r\n`x,'y  z,`\r\n");
    }
}
