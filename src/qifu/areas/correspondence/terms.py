"""Words of letters to offices of other cities."""

from qifu.kernel.language import said

LETTER, PEER, DELIVERY = "correspondence.letter", "correspondence.peer", "correspondence.delivery"
WRITE, SIGN, SEE, RECEIVE = "letter.write", "letter.sign", "letter.see", "letter.receive"
PROPOSE, TRUST = "letter.peer", "letter.trust"
MACHINE = "peers"
"""Who takes in what other installations send: a role of its own."""
STATES = {"drafted": "待签发", "sent": "等回函", "answered": "已回函", "filed": "已归档", "withdrawn": "已撤回"}
PEER_STATES = {"proposed": "待核对", "trusted": "互认", "ended": "停用", "dropped": "没有通过"}
PARCEL_STATES = {
    "queued": said("等着发"),
    "delivered": said("对方收到了"),
    "refused": said("对方不收"),
    "given_up": said("发不过去，不再发"),
}
ENDS = {"solved": said("解决了"), "part": said("解决了一部分"), "cannot": said("对方办不到"), "none": said("没有回音")}
ASK, ANSWER, RECEIPT = "ask", "answer", "receipt"
MOST = 64 * 1024
"""Bytes of the signed part of a message."""
LOAD = 8 * 1024 * 1024
"""Bytes of all files that go along with one message."""
FLAWS = {
    "too_long": said("来信太长，没有收。"),
    "unreadable": said("来信读不懂，没有收。"),
    "unknown_key": said("不认得对方的钥匙，没有收。请对方先和我们互换公钥指纹，两个人核对后登记。"),
    "algorithm": said("签名算法和登记的钥匙对不上，没有收。"),
    "signature": said("签名对不上，内容可能被改过，没有收。"),
    "withdrawn_key": said("这把钥匙已经停用，没有收。"),
    "audience": said("这封信不是发给我们的，没有收。"),
    "not_yet": said("来信的时间在将来，没有收。请对方校准时钟。"),
    "expired": said("来信已经过期，没有收。请对方重新发。"),
    "replay": said("这封信已经收过了，没有再收一次。"),
    "content": said("来信缺内容，没有收。"),
    "too_much": said("附件太多或者太大，没有收。一封信最多9个，一共8 MB。"),
    "attachment": said("附件和信里写的对不上，没有收。"),
    "no_file": said("附件打不开，或者不是名字说的那种文件，没有收。只收照片和PDF。"),
    "cut": said("附件没有传完，没有收。请对方再发一次。"),
    "unasked": said("没有发过这封函，回信没有收。"),
    "late": said("这封函已经有了回复，来信存下了，没有改动。"),
}  # fmt: skip
"""Why a message is not taken, in words that its sender gets back."""
