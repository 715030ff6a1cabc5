"use strict";const e=new Map;exports.nameOf=t=>e.get(t),exports.named=(t,s)=>e.set(t,s);
