"use strict";const e=require("./client.js").api;exports.untyped=e;
