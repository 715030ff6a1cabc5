"use strict";const e={};const n=require("../common/vendor.js")._export_sfc(e,[["render",function(e,n){return{}}]]);wx.createComponent(n);
