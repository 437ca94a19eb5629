//! What a connection is asked, and the thread that answers in order.

use std::sync::{Mutex, mpsc::Receiver};

use tokio::sync::oneshot::Sender;

use super::{
    Text,
    desk::{self, Back, Desk},
};
use crate::{Error, Value, row::Row};

type Reply<T> = Sender<Result<T, Error>>;

/// Something to do, for the session of that number.
pub(super) struct Ask {
    pub session: u64,
    pub what: What,
}

pub(super) enum What {
    /// A session that begins no transaction.
    Open,
    Begin(&'static str),
    Execute {
        text: Text,
        values: Vec<Value>,
        reply: Reply<u64>,
    },
    Rows {
        text: Text,
        values: Vec<Value>,
        reply: Reply<Vec<Row>>,
    },
    Each {
        text: String,
        width: usize,
        values: Vec<Value>,
        back: Back,
        reply: Reply<(u64, Vec<Row>)>,
    },
    Script {
        text: String,
        reply: Reply<()>,
    },
    Commit(Reply<()>),
    Rollback,
}

/// Until nobody can ask any more.
pub(super) fn serve(desk: &Mutex<Desk>, asks: &Receiver<Ask>) {
    while let Ok(ask) = asks.recv() {
        run(&mut desk::lock(desk), ask);
    }
}

/// Does one thing and answers. Whoever asked may be gone by then, which changes nothing.
pub(super) fn run(desk: &mut Desk, Ask { session, what }: Ask) {
    match what {
        What::Open => desk.open(session),
        What::Begin(text) => desk.begin(session, text),
        What::Execute { text, values, reply } => {
            drop(reply.send(desk.inside(session, |connection| desk::execute(connection, &text, &values))));
        }
        What::Rows { text, values, reply } => {
            drop(reply.send(desk.inside(session, |connection| desk::rows(connection, &text, &values))));
        }
        What::Each { text, width, values, back, reply } => {
            let each = |connection: &_| desk::each(connection, &text, width, values, &back);
            drop(reply.send(desk.inside(session, each)));
        }
        What::Script { text, reply } => {
            drop(reply.send(desk.inside(session, |connection| connection.execute_batch(&text))));
        }
        What::Commit(reply) => drop(reply.send(desk.commit(session))),
        What::Rollback => desk.rollback(session),
    }
}
