//! What the server says when it is ready: its address, and how to go on where nobody can log in.

use crate::command::accounts;
use crate::console::{Console, Teller};
use crate::failure::{Result, text};
use crate::host::Host;
use crate::product::VERSION;
use crate::serve::http::Bound;
use serde_json::json;

/// Says it on stdout.
///
/// # Errors
/// A failed read.
pub fn say(host: &Host, server: &Bound, teller: &mut Teller) -> Result<()> {
    let address = server.url();
    let nobody = accounts(host)?.is_empty();
    let data = host.settings.data.display().to_string();
    let console: &mut dyn Console = teller;
    console.answer(
        &json!({ "address": address, "data": data, "version": VERSION, "accounts": !nobody }),
        &text(
            format!("Evenkeel {VERSION} at {address}"),
            format!("Evenkeel {VERSION} 已启动：{address}"),
        ),
    )?;
    if nobody {
        let add =
            format!("evenkeel user add LOGIN --role administrator --password-stdin --data {data}");
        let code = host.engine.make_setup_code()?;
        console.note(&text(
            format!(
                "Nobody can log in yet. Make the first administrator:\n  \
                 in a browser at {address}/welcome?code={code}\n  \
                 or by {add}"
            ),
            format!(
                "目前没有任何账号。请创建第一个管理员：\n  \
                 在浏览器中打开 {address}/welcome?code={code}\n  \
                 或执行 {add}"
            ),
        ));
    }
    Ok(())
}
