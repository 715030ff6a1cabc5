"use strict";const e=require("../common/vendor.js"),n=e.defineComponent({__name:"k-tag",props:{tone:{default:"plain"}},setup:n=>(n,t)=>({a:e.n(`k-tag--${n.tone}`)})});wx.createComponent(n);
