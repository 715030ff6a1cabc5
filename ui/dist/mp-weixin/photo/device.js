"use strict";let e;e=require("./wechat.js").wechat;const t=e;exports.LONGEST=1600,exports.QUALITY=.82,exports.device=t;
