"use strict";let o;o=require("./photos.program.js").programPhotos;const r=o;exports.photos=r;
