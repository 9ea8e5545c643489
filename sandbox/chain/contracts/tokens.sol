// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;

/// The tokens of the sandbox's chains, put at the addresses of the real ones. Anyone may mint: it is play money.
abstract contract Ledger {
    uint8 public constant decimals = 6;
    uint256 public totalSupply;
    mapping(address => uint256) public balanceOf;
    mapping(address => mapping(address => uint256)) public allowance;

    event Transfer(address indexed from, address indexed to, uint256 value);
    event Approval(address indexed owner, address indexed spender, uint256 value);

    function mint(address to, uint256 value) external {
        totalSupply += value;
        balanceOf[to] += value;
        emit Transfer(address(0), to, value);
    }

    function approve(address spender, uint256 value) external returns (bool) {
        allowance[msg.sender][spender] = value;
        emit Approval(msg.sender, spender, value);
        return true;
    }

    function move(address from, address to, uint256 value) internal {
        balanceOf[from] -= value;
        balanceOf[to] += value;
        emit Transfer(from, to, value);
    }

    function moveFor(address from, address to, uint256 value) internal {
        allowance[from][msg.sender] -= value;
        move(from, to, value);
    }
}

abstract contract StandardToken is Ledger {
    function transfer(address to, uint256 value) external returns (bool) {
        move(msg.sender, to, value);
        return true;
    }

    function transferFrom(address from, address to, uint256 value) external returns (bool) {
        moveFor(from, to, value);
        return true;
    }
}

contract UsdCoin is StandardToken {
    string public constant name = "USD Coin";
    string public constant symbol = "USDC";
}

contract BridgedTether is StandardToken {
    string public constant name = "Tether USD";
    string public constant symbol = "USDT";
}

/// Like Tether's own contract on Ethereum, whose transfers return nothing.
contract Tether is Ledger {
    string public constant name = "Tether USD";
    string public constant symbol = "USDT";

    function transfer(address to, uint256 value) external {
        move(msg.sender, to, value);
    }

    function transferFrom(address from, address to, uint256 value) external {
        moveFor(from, to, value);
    }
}

/// A wallet that is a contract: its owner's signature speaks for it (ERC-1271), and it makes several calls at once.
contract ContractWallet {
    address public immutable owner;

    constructor(address owner_) {
        owner = owner_;
    }

    function isValidSignature(bytes32 hash, bytes calldata signature) external view returns (bytes4) {
        if (signature.length != 65) return 0xffffffff;
        address signer =
            ecrecover(hash, uint8(signature[64]), bytes32(signature[0:32]), bytes32(signature[32:64]));
        return signer == owner ? bytes4(0x1626ba7e) : bytes4(0xffffffff);
    }

    function execute(address[] calldata targets, bytes[] calldata calls) external {
        require(msg.sender == owner, "not the owner");
        for (uint256 i = 0; i < targets.length; i++) {
            (bool done,) = targets[i].call(calls[i]);
            require(done, "a call failed");
        }
    }
}
